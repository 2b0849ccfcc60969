import { formatUrl, validateUrl, type TlsSettings } from 'failsoft'
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
  { query: 'ssl={"rejectUnauthorized":true}', want: { mode: 'verify-full' } },
  { query: 'ssl={"rejectUnauthorized":true,"verifyIdentity":true}', want: { mode: 'verify-full' } },
  { query: 'useSSL=true', want: { mode: 'require' } },
  { query: 'sslaccept=strict', want: { mode: 'verify-full' } },
  { query: 'sslaccept=accept_invalid_certs', want: { mode: 'require' } },
  { query: 'ssl=true&sslmode=verify-full', want: { mode: 'verify-full' } },
  { query: 'sslmode=verify-full&ssl=true', want: { mode: 'verify-full' } },
  { query: 'sslmode=require&sslmode=disable', want: { mode: 'disable' } },
  { query: 'sslmode=require&sslmode=', want: { mode: 'require' } },
  { query: 'ssl-verify-server-cert', want: { mode: 'verify-full' } },
  { query: 'ssl_verify_identity', want: { mode: 'verify-full' } },
  { query: 'sslnegotiation=direct', want: { mode: 'require' } },
  { query: 'sslnegotiation=postgres', want: undefined },
  { query: 'ssl-ca=/b&sslrootcert=/a', want: { mode: 'verify-ca', ca: '/a' } },
  { query: 'sslrootcert=/a&ssl-ca=/b', want: { mode: 'verify-ca', ca: '/a' } },
  { query: 'sslcert=c', want: { mode: 'require', cert: 'c' } },
  { query: 'sslkey=k', want: { mode: 'require', key: 'k' } },
  { query: 'sslrootcert=', want: undefined },
  { query: 'ssl-mode=REQUIRED&sslMode=DISABLED', want: { mode: 'require' } },
  { query: 'sslMode=REQUIRED&sslmode=disable', want: { mode: 'require' } },
  { query: 'ssl-mode=', want: undefined },
  { query: 'tls=skip-verify', want: { mode: 'require' } },
  { query: 'useSSL=off', want: { mode: 'disable' } },
]

for (const { query, want } of cases) {
  for (const url of [`mysql://u:p@h/d?${query}`, `jdbc:mysql://h/d?user=u&${query}`]) {
    const result = validateUrl(url)
    t.strictSame(result.valid && 'tls' in result.target ? result.target.tls : undefined, want, url)
  }
}

void t.test("a name of another program stays among the parameters, and libpq's names do not", async (t) => {
  const kept = {
    'ssl-mode=REQUIRED': { 'ssl-mode': 'REQUIRED' },
    'useSSL=true&sslaccept=strict&tls=true': { useSSL: 'true', sslaccept: 'strict', tls: 'true' },
    'ssl-ca=/ca.pem': { 'ssl-ca': '/ca.pem' },
    'sslmode=require&sslrootcert=/a&sslcert=b&sslkey=c': {},
    'ssl=true': {},
    'SSL={"rejectUnauthorized":false}': {},
  }
  for (const [query, params] of Object.entries(kept)) {
    const result = validateUrl(`mysql://u:p@h/d?${query}`)
    t.strictSame(result.valid && { ...result.target.params }, params, query)
    t.notOk(
      result.warnings.some(({ code }) => code === 'unknown-parameter'),
      query,
    )
  }
  const file = validateUrl('sqlite:x.db?ssl-mode=REQUIRED')
  t.equal(file.warnings[0]?.code, 'unknown-parameter')
})

void t.test('the canonical URL says the same, whatever the spelling', async (t) => {
  for (const { query } of cases) {
    const result = validateUrl(`mysql://u:p@h/d?${query}`)
    if (!result.valid) continue
    const again = validateUrl(formatUrl(result.target, { reveal: true }), { strict: true })
    t.strictSame(
      again.valid && 'tls' in again.target && again.target.tls,
      'tls' in result.target && result.target.tls,
      query,
    )
    t.strictSame(again.valid && again.target.params, result.target.params, query)
  }
})

void t.test('a URL that says nothing of encryption has no field for it', async (t) => {
  const silent = validateUrl('postgres://h')
  t.strictSame(silent.valid && Object.keys(silent.target), ['dialect', 'hosts', 'params'])
})
