import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { planTls } from '#lib/engine/server/tls.js'

t.test('a list of revoked certificates is read, and a file that is none is refused', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-crl-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, 'index.txt'), '')
  writeFileSync(join(directory, 'none.pem'), 'none')
  writeFileSync(
    join(directory, 'ca.conf'),
    '[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\ndefault_md = sha256\ndefault_crl_days = 1\n',
  )
  const openssl = (command: string): unknown =>
    execFileSync('openssl', command.split(' '), { cwd: directory, stdio: 'ignore' })
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem -subj /CN=test -days 1')
  openssl('ca -gencrl -config ca.conf -keyfile key.pem -cert ca.pem -out crl.pem')
  const plan = (file: string): unknown =>
    planTls({ mode: 'verify-full', crl: join(directory, file) }, 'The database URL')
  t.notMatch(plan('crl.pem'), { problem: Object })
  t.match(plan('none.pem'), { problem: { code: 'invalid-parameter' } })
})
