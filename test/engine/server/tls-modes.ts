/** What a connection comes to: encrypted, plain, or the code of its problem. */
export type Outcome =
  | 'TLS'
  | 'plain'
  | 'tls-untrusted-certificate'
  | 'tls-not-supported'
  | 'tls-required'
  | 'auth-failed'
  | 'host-not-allowed'

/** Each way to ask for TLS, in the order of the columns of a table. */
export const tlsModes = [
  '',
  'sslmode=disable',
  'sslmode=allow',
  'sslmode=prefer',
  'sslmode=require',
  'sslmode=require&CA',
  'sslmode=verify-ca&CA',
  'sslmode=verify-full&CA',
] as const

/** What each mode comes to, by the words of a row. */
export function outcomes(words: string): [mode: (typeof tlsModes)[number], want: Outcome][] {
  const short: Readonly<Record<string, Outcome>> = {
    TLS: 'TLS',
    plain: 'plain',
    untrusted: 'tls-untrusted-certificate',
    unsupported: 'tls-not-supported',
    required: 'tls-required',
    auth: 'auth-failed',
    rule: 'host-not-allowed',
  }
  const wanted = words.split(/\s+/).map((word) => short[word] as Outcome)
  return tlsModes.map((mode, index) => [mode, wanted[index] as Outcome])
}
