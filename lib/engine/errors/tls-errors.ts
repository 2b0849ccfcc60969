import type { Refusal } from './refusal.ts'

/**
 * mysql2 puts the first over that of Node's TLS, and Node the second over an alert of the other side: the words alone tell. The
 * third is the family of all that OpenSSL says, whose names change with its versions.
 */
const code = 'HANDSHAKE_SSL_ERROR EPROTO ERR_SSL'

const untrusted = {
  is: 'tls-untrusted-certificate',
  message: '{target} has a certificate of an authority that is not known here.',
  hint: '{authority}',
} as const

const otherName = {
  is: 'tls-untrusted-certificate',
  message: '{target} has a certificate for another name: {names}.',
  hint: 'Write the host as the certificate names it, or use sslmode=verify-ca, which leaves the name unchecked.',
} as const

const tooWeak = {
  is: 'tls-untrusted-certificate',
  message: '{target} has a certificate whose key, or signature, is too weak for this program.',
  hint: 'Give the server a new certificate, with a key of 2048 bits or more and SHA-256.',
} as const

const clientCertificate = {
  is: 'auth-failed',
  message: "{target} did not take the client's certificate, or asks for one.",
  hint: 'Name a certificate that the server takes, and its key, with sslcert=… and sslkey=…',
} as const

const noCommonWay = {
  is: 'tls-not-supported',
  message: '{target} speaks no version or cipher of TLS that this program takes.',
  hint: 'Update the server, or allow an older version with ssl_min_protocol_version=TLSv1.',
} as const

const noAgreement = {
  is: 'tls-not-supported',
  message: '{target} and this program could not agree on encryption.',
  hint: 'One of the two ended the handshake: look at the log of the server, or of the proxy before it.',
} as const

/** What Node's TLS says of a certificate, or the other side of the handshake. */
export const tlsErrors: readonly Refusal[] = [
  {
    code: `ERR_TLS_CERT_ALTNAME_INVALID ${code}`,
    says: /altnames: .*(?:altnames|list): (?<names>\S.*)$/,
    ...otherName,
  },
  { code: `ERR_TLS_CERT_ALTNAME_INVALID ${code}`, says: /is not cert's CN: (?<names>.+)$/, ...otherName },
  {
    code: `ERR_TLS_CERT_ALTNAME_INVALID HOSTNAME_MISMATCH ${code}`,
    says: /altnames|hostname mismatch/i,
    ...otherName,
    message: '{target} has a certificate for another name, or for none.',
  },
  {
    code: `CERT_HAS_EXPIRED ${code}`,
    says: /certificate has expired/,
    is: 'tls-untrusted-certificate',
    message: '{target} has a certificate that has expired{until}.',
    hint: 'Renew the certificate at the server, and look at the clock of this machine.',
  },
  {
    code: `CERT_NOT_YET_VALID ${code}`,
    says: /not yet valid/,
    is: 'tls-untrusted-certificate',
    message: '{target} has a certificate that is not valid yet{from}.',
    hint: 'Look at the clock of this machine, and at the certificate of the server.',
  },
  {
    code: `CERT_REVOKED ${code}`,
    says: /(?<!alert )certificate revoked/,
    is: 'tls-untrusted-certificate',
    message: '{target} has a certificate that was revoked.',
    hint: 'Give the server a new certificate.',
  },
  {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_UNTRUSTED INVALID_CA CERT_SIGNATURE_FAILURE',
    ...untrusted,
  },
  {
    code,
    says: /self-signed certificate|unable to verify the first certificate|unable to get (local )?issuer|certificate (signature failure|not trusted|verify failed)|invalid CA/i,
    ...untrusted,
  },
  {
    code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
    ...clientCertificate,
  },
  {
    code,
    says: /alert (unknown ca|bad certificate|unsupported certificate|certificate|access denied)/,
    ...clientCertificate,
  },
  {
    code: `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE ${code}`,
    says: /alert handshake failure/,
    is: 'tls-not-supported',
    message:
      '{target} takes no version or cipher of TLS that this program offers, or asks for a certificate.',
    hint: 'Update the server; or name a certificate and its key with sslcert=… and sslkey=…; or allow an older version with ssl_min_protocol_version=TLSv1.',
  },
  {
    code: `ERR_SSL_TLSV1_UNRECOGNIZED_NAME ${code}`,
    says: /unrecognized name/,
    is: 'tls-not-supported',
    message: '{target} knows no server by the host name of the URL.',
    hint: 'Write the host name as the provider, or the proxy before the server, has it.',
  },
  { code: 'ERR_SSL_CA_MD_TOO_WEAK ERR_SSL_CA_KEY_TOO_SMALL ERR_SSL_EE_KEY_TOO_SMALL', ...tooWeak },
  { code, says: /md too weak|(ca|ee) key too small/, ...tooWeak },
  {
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_SSL_UNSUPPORTED_PROTOCOL ERR_SSL_NO_PROTOCOLS_AVAILABLE ERR_SSL_NO_SHARED_CIPHER ERR_SSL_DH_KEY_TOO_SMALL ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
    ...noCommonWay,
  },
  {
    code,
    says: /protocol version|unsupported protocol|no shared cipher|dh key too small|version too low|insufficient security/,
    ...noCommonWay,
  },
  { code: 'ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG', is: 'not-a-database-server' },
  {
    code,
    says: /wrong version number|packet length|http request|disconnected|hang up|ECONNRESET/,
    is: 'not-a-database-server',
  },
  {
    code: 'CERT_CHAIN_TOO_LONG PATH_LENGTH_EXCEEDED INVALID_PURPOSE CERT_REJECTED CRL_HAS_EXPIRED CRL_NOT_YET_VALID CRL_SIGNATURE_FAILURE UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CRL_SIGNATURE ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CERT_NOT_AFTER_FIELD ERR_TLS_CERT_ALTNAME_FORMAT',
    is: 'tls-untrusted-certificate',
  },
  {
    code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
    ...noAgreement,
  },
  { code, ...noAgreement },
]
