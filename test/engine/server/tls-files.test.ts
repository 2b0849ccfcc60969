import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createEngine, type LogEvent } from 'failsoft/knex'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { planTls } from '#lib/engine/server/tls.js'
import { makeAuthority, replaceCertificate } from '../../servers/certificates.js'
import { serve as serveMysql, startFakeMysql } from '../../servers/fake-mysql.js'
import { serve as servePostgres, startFakePostgres } from '../../servers/fake-postgres.js'
import { openEngine, targetOf } from './open-engine.js'

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

t.test('whatever the path of a file is, it neither blocks nor goes on for ever', async (t) => {
  const directory = t.testdir({ directory: {}, 'large.pem': 'x'.repeat(1024 * 1024 + 1), 'text.pem': 'text' })
  execFileSync('mkfifo', [join(directory, 'pipe')])
  const rows = [
    { path: join(directory, 'pipe'), want: /is a pipe or a device/ },
    { path: '/dev/zero', want: /is a pipe or a device/ },
    { path: '/dev/stdin', want: /this one/ },
    { path: '/dev/null', want: /is a pipe or a device/ },
    { path: join(directory, 'directory'), want: /is a directory/ },
    { path: join(directory, 'large.pem'), want: /is larger/ },
    { path: join(directory, 'text.pem'), want: /holds no/ },
    { path: join(directory, 'nowhere'), want: /does not exist/ },
    { path: `/${'x'.repeat(5000)}`, want: /too long/ },
    { path: '/proc/kmsg', want: /this one/ },
    { path: '/proc/self/pagemap', want: /this one/ },
    { path: '/proc/self/environ', want: /holds no/ },
    { path: '/proc/nowhere/ca.pem', want: /does not exist/ },
    { path: '/', want: /is a directory/ },
  ]
  for (const parameter of ['sslrootcert', 'sslcert', 'sslkey', 'sslcrl']) {
    for (const { path, want } of rows) {
      const made = createEngine(
        targetOf(`postgres://app@127.0.0.1:1/todo?${parameter}=${encodeURIComponent(path)}`),
      )
      t.match(
        made,
        { ok: false, problem: { code: 'invalid-parameter' } },
        `${parameter}=${path.slice(0, 40)}`,
      )
      if (!made.ok) t.match(made.problem, { message: new RegExp(parameter), hint: want })
    }
  }
})

for (const scheme of ['postgres', 'mysql'] as const) {
  t.test(`${scheme}: files that change are read anew, and half of one is not taken`, async (t) => {
    const [before, after] = [makeAuthority(), makeAuthority()]
    t.teardown(() => [before, after].forEach((each) => each.remove()))
    const directory = t.testdir({})
    const ca = join(directory, 'ca.pem')
    writeFileSync(ca, readFileSync(before.ca))
    const certificate = before.issue('localhost', 'DNS:localhost,IP:127.0.0.1')
    const server =
      scheme === 'postgres'
        ? await startFakePostgres({ certificate, login: servePostgres() })
        : await startFakeMysql({ certificate, login: serveMysql() })
    t.teardown(() => server.close())
    const events: LogEvent[] = []
    const ask = async (): Promise<string> => {
      const answer = await engine.knex.raw('select 1').then(
        () => 'answers',
        (error: { code: string }) => error.code,
      )
      // Each question comes over a connection of its own.
      engine.dropConnections()
      return answer
    }
    const url = `${scheme}://app:s3cret@localhost:${server.port}/todo?sslmode=verify-full&sslrootcert=${ca}`
    const engine = openEngine(t, url, { log: (event) => events.push(event) }) as ManagedEngine
    t.equal(await ask(), 'answers')

    replaceCertificate(certificate, after.issue('localhost', 'DNS:localhost,IP:127.0.0.1'))
    t.equal(await ask(), 'tls-untrusted-certificate', 'the server has a new one')
    const whole = readFileSync(after.ca, 'utf8')
    writeFileSync(ca, whole.slice(0, 300))
    t.equal(await ask(), 'tls-untrusted-certificate', 'half of the new authority')
    t.match(
      events.find(({ event }) => event === 'tls-file'),
      {
        level: 'warn',
        event: 'tls-file',
        message: /sslrootcert holds no whole certificate/,
      },
    )
    writeFileSync(ca, `${readFileSync(before.ca, 'utf8')}${whole.slice(0, 300)}`)
    t.equal(await ask(), 'tls-untrusted-certificate', 'the old one and half of the new one')
    rmSync(ca)
    t.equal(await ask(), 'tls-untrusted-certificate', 'nothing, for a moment')
    t.equal(events.filter(({ event }) => event === 'tls-file').length, 3, 'each state is warned of once')
    writeFileSync(ca, whole)
    t.equal(await ask(), 'answers', 'the whole new authority')
  })
}

t.test('a certificate is not taken before its key is there', async (t) => {
  const authority = makeAuthority()
  t.teardown(() => authority.remove())
  const [first, second] = [authority.issue('one'), authority.issue('two')]
  const directory = t.testdir({})
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  replaceCertificate({ cert, key }, first)
  const plan = planTls({ mode: 'require', cert, key }, 'The database URL')
  if ('problem' in plan) throw new Error(plan.problem.message)
  writeFileSync(cert, readFileSync(second.cert))
  t.equal(plan.files.material.cert, readFileSync(first.cert, 'utf8'))
  writeFileSync(key, readFileSync(second.key))
  t.equal(plan.files.material.cert, readFileSync(second.cert, 'utf8'))
})
