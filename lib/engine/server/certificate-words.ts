import type { PeerCertificate } from 'node:tls'

/** What is said of a certificate that was refused, by placeholder. */
export function certificateWords(
  certificate: PeerCertificate | undefined,
  namesAuthority: boolean,
): Readonly<Record<string, string>> {
  const { issuer, valid_from: from, valid_to: until } = certificate ?? {}
  const by = [issuer?.CN, issuer?.O].flat().find(Boolean)
  const issued = by === undefined ? '' : ` It was issued by "${by}".`
  return {
    ...(from && { from: `: it begins on ${dateOf(from)}` }),
    ...(until && { until: ` on ${dateOf(until)}` }),
    ...(namesAuthority && {
      authority: `The file that sslrootcert names does not hold the authority of this certificate: name the right one.${issued}`,
    }),
  }
}

/** As in "Nov 26 06:40:00 2026 GMT". */
function dateOf(text: string): string {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? text : date.toISOString().slice(0, 10)
}
