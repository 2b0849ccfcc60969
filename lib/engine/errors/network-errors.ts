import type { Refusal } from './refusal.ts'

const noAnswer = {
  is: 'host-not-found',
  message: 'The host name in {target} could not be looked up: no name server gave an answer.',
  hint: 'Look at the name servers of this machine, and at the spelling of the host. It is tried again by itself. {advice}',
} as const

const noPort = {
  is: 'network-unreachable',
  message: '{target} was not asked: this machine has no port free for another connection.',
  hint: 'Lower the pool size (connection_limit in the URL), and look for connections that nobody closes.',
} as const

/** Codes of Node's sockets, resolver and modules. */
export const networkErrors: readonly Refusal[] = [
  { code: 'ENOTFOUND ENODATA ENONAME EBADNAME EAI_NODATA EAI_NONAME EAI_ADDRFAMILY', is: 'host-not-found' },
  { code: 'EAI_AGAIN EAI_FAIL ESERVFAIL ETIMEOUT', ...noAnswer },
  {
    code: 'EAI_MEMORY EAI_SYSTEM EAI_SERVICE EAI_FAMILY EAI_BADFLAGS EAI_OVERFLOW EREFUSED EBADRESP EBADQUERY EFORMERR ENOTIMP ECANCELLED',
    is: 'host-not-found',
    message: 'The host name in {target} could not be looked up: {words}',
    hint: 'Look at the name servers of this machine (/etc/resolv.conf). It is tried again by itself. {advice}',
  },
  // Of the resolver, as "queryA ECONNREFUSED".
  { code: 'ECONNREFUSED', says: /^query[A-Z]/, ...noAnswer },
  { code: 'ECONNREFUSED', is: 'connection-refused' },
  {
    code: 'EACCES EPERM',
    says: /\bconnect E\w+ \//,
    is: 'connection-refused',
    message: '{target} is a socket that this program may not open.',
    hint: 'Let the user of this program into the folder of the socket, and write to it.',
  },
  {
    code: 'EACCES EPERM',
    says: /\bconnect\b/,
    is: 'network-unreachable',
    message: '{target} was not asked: this machine forbids the connection.',
    hint: 'A firewall or the confinement of this program, such as AppArmor, snap or a policy of the container, lets nothing out to this host and port: let it. {advice}',
  },
  {
    code: 'EAGAIN',
    says: /\bconnect E\w+ \//,
    is: 'refused',
    message: '{target} has more connections waiting than it takes at once.',
    hint: 'It is tried again by itself. Lower the pool size (connection_limit in the URL).',
  },
  { code: 'EADDRINUSE EAGAIN', says: /\bconnect\b/, ...noPort },
  { code: 'EADDRNOTAVAIL', says: /\bconnect E\w+ \d+\./, ...noPort },
  {
    code: 'ENOTDIR ENOTSOCK EPROTOTYPE ELOOP ENAMETOOLONG',
    says: /\bconnect\b/,
    is: 'connection-refused',
    message: '{target} is no socket of a server.',
    hint: 'Check the path: it is the folder of the socket for PostgreSQL, and the socket itself for MySQL.',
  },
  {
    code: 'EINVAL',
    says: /\bconnect EINVAL fe80:/i,
    is: 'network-unreachable',
    hint: 'An address that begins with fe80 holds on one interface only: use another address of the host.',
  },
  { code: 'ENOENT EINVAL', says: /\bconnect\b/, is: 'connection-refused' },
  { code: 'ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT ERR_TLS_HANDSHAKE_TIMEOUT', is: 'connect-timeout' },
  {
    code: 'ENETUNREACH EHOSTUNREACH ENETDOWN EHOSTDOWN',
    says: /\bconnect E\w+ \d+\./,
    is: 'network-unreachable',
    hint: 'Check the routes, the VPN and the firewalls between this machine and the host. {advice}',
  },
  {
    code: 'ENETUNREACH EHOSTUNREACH ENETDOWN EHOSTDOWN EADDRNOTAVAIL EAFNOSUPPORT EPROTONOSUPPORT ENONET',
    is: 'network-unreachable',
  },
  {
    code: 'EMFILE ENFILE ENOBUFS ENOMEM',
    is: 'network-unreachable',
    message:
      '{target} was not asked: this program may open no more files and connections, or has no memory for them.',
    hint: 'Raise the limits of the container (ulimit -n), or lower the pool size (connection_limit in the URL).',
  },
  {
    code: 'ECONNRESET ECONNABORTED ENETRESET ENOTCONN ESHUTDOWN EPIPE ERR_SOCKET_CLOSED ERR_STREAM_DESTROYED ERR_STREAM_WRITE_AFTER_END',
    is: 'connection-lost',
  },
  { code: 'MODULE_NOT_FOUND ERR_UNKNOWN_BUILTIN_MODULE', is: 'driver-missing' },
  { code: 'ERR_DLOPEN_FAILED', is: 'driver-broken' },
]
