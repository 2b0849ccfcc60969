import { validateUrl, type TlsSettings } from 'failsoft'
import t from 'tap'

const cases: readonly { query: string; want: TlsSettings | undefined }[] = [
  { query: '', want: undefined },
  { query: 'sslmode=', want: undefined },
  { query: 'sslmode=disable', want: { mode: 'disable' } },
  { query: 'sslmode=verify-ca&sslrootcert=/ca.pem', want: { mode: 'verify-ca', ca: '/ca.pem' } },
  { query: 'sslmode=require&sslrootcert=/ca.pem', want: { mode: 'require', ca: '/ca.pem' } },
  { query: 'sslrootcert=/ca.pem', want: { mode: 'verify-ca', ca: '/ca.pem' } },
  { query: 'ssl-ca=/ca.pem', want: { mode: 'verify-ca', ca: '/ca.pem' } },
  { query: 'sslrootcert=system', want: { mode: 'verify-full', ca: 'system' } },
  { query: 'sslcert=c&sslkey=k', want: { mode: 'require', cert: 'c', key: 'k' } },
  { query: 'sslmode=REQUIRED', want: { mode: 'require' } },
  { query: 'sslmode=no-verify', want: { mode: 'require' } },
  { query: 'ssl-mode=VERIFY_IDENTITY', want: { mode: 'verify-full' } },
  { query: 'sslMode=PREFERRED', want: { mode: 'prefer' } },
  { query: 'ssl=true', want: { mode: 'require' } },
  { query: 'ssl', want: { mode: 'require' } },
  { query: 'ssl=1', want: { mode: 'require' } },
  { query: 'ssl=false', want: { mode: 'disable' } },
  { query: 'ssl=0', want: { mode: 'disable' } },
  { query: 'ssl={"rejectUnauthorized":false}', want: { mode: 'require' } },
  { query: 'ssl={"ca":"x"}', want: { mode: 'verify-full' } },
  { query: 'useSSL=true', want: { mode: 'require' } },
  { query: 'sslaccept=strict', want: { mode: 'verify-full' } },
  { query: 'sslaccept=accept_invalid_certs', want: { mode: 'require' } },
  { query: 'ssl=true&sslmode=verify-full', want: { mode: 'verify-full' } },
  { query: 'sslmode=verify-full&ssl=true', want: { mode: 'verify-full' } },
  { query: 'sslmode=require&sslmode=disable', want: { mode: 'disable' } },
  { query: 'sslnegotiation=direct', want: { mode: 'require' } },
]

for (const { query, want } of cases) {
  for (const url of [`mysql://u:p@h/d?${query}`, `jdbc:mysql://h/d?user=u&${query}`]) {
    const result = validateUrl(url)
    t.strictSame(result.valid && 'tls' in result.target ? result.target.tls : undefined, want, url)
  }
}
