import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { freePort } from '../servers/free-port.ts'
import { refusedPort } from '../servers/refused-port.ts'
import { countedNode } from '../plain-node.ts'
import { send } from './http-client.ts'
import { main, newFolder, startApp } from './start-app.ts'

const secret = 'pa55word'
const onSqlite = [
  { name: 'no variable', env: {}, want: { reason: 'missing', code: 'missing' } },
  {
    name: 'a port that refuses',
    env: { DATABASE_URL: `postgres://user:${secret}@127.0.0.1:${refusedPort}/db` },
    want: { reason: 'unreachable', code: 'connection-refused' },
  },
]

for (const { name, env, want } of onSqlite) {
  void t.test(`${name}: runs on SQLite, and says why`, async (t) => {
    const app = await startApp({ ...env }, newFolder(), countedNode)
    t.teardown(() => app.stop())
    const { body } = await app.settled()
    t.match(body, {
      state: { status: 'fallback', dialect: 'sqlite', message: String, hint: String, ...want },
    })
    t.notMatch(JSON.stringify(body), /127\.0\.0\.1|secret\.example|failsoft-app-|99999/, 'no host, no path')
    t.equal((await send(app.url, 'POST', '/tasks', { title: 'x' })).status, 201)
    t.ok(existsSync(join(app.folder, 'data', 'failsoft.db')))
    t.equal((await send(app.url, 'GET', '/health/live')).status, 200)
    t.match(await send(app.url, 'GET', '/health/ready'), { status: 200, body: { status: 'warn' } })
    const { code } = await app.stop()
    t.equal(code, 0)
    t.notOk(
      existsSync(join(app.folder, 'data', 'failsoft.db-wal')),
      'SQLite has put everything into its file',
    )
    t.notMatch(JSON.stringify(app.output()), new RegExp(secret), 'no password in the log')
  })
}

void t.test('without a fallback: is up, says why there is no database, and refuses tasks', async (t) => {
  const DATABASE_URL = `mysql://user:${secret}@127.0.0.1:${refusedPort}/db`
  const app = await startApp({ DATABASE_URL, DATABASE_FALLBACK: 'never' })
  t.teardown(() => app.stop())
  t.match((await app.settled()).body, { state: { status: 'unavailable', code: 'connection-refused' } })
  const refused = await send(app.url, 'GET', '/tasks')
  t.match(refused.body, { status: 503, code: 'connection-refused', detail: String, hint: String })
  t.ok(Number(refused.headers.get('retry-after')) >= 1)
  t.notMatch(JSON.stringify(refused.body), /127\.0\.0\.1/)
  t.equal((await send(app.url, 'POST', '/tasks', {})).status, 400, 'what is wrong anyway is refused as such')
  t.equal((await send(app.url, 'GET', '/health/live')).status, 200)
  t.equal((await send(app.url, 'GET', '/health/ready')).status, 503)
  t.equal((await send(app.url, 'GET', '/')).status, 200)
})

const noScript =
  spawnSync('script', ['--version']).error !== undefined && 'there is no script(1) to make a terminal'
const hosts = [
  { name: 'all addresses', env: {}, host: 'localhost' },
  { name: 'one of IPv6', env: { HOST: '::1' }, host: '[::1]' },
]
for (const { name, env, host } of hosts) {
  void t.test(`at a terminal, on ${name}: greets in a few plain lines`, { skip: noScript }, async (t) => {
    const port = await freePort()
    const terminal = spawn('script', ['-qefc', `"${process.execPath}" "${main}"`, '/dev/null'], {
      cwd: newFolder(),
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', PORT: String(port), ...env },
    })
    let shown = ''
    const plain = () => stripVTControlCharacters(shown).replaceAll('\r', '')
    terminal.stdout.on('data', (chunk) => void (shown += String(chunk)))
    const ended = once(terminal, 'exit')
    while (!shown.includes('Ctrl+C')) await once(terminal.stdout, 'data')
    t.not(plain(), shown.replaceAll('\r', ''), 'in colour')
    t.match(plain(), `http://${host}:${port}`)
    t.match(
      plain(),
      /SQLite, .*failsoft\.db\n +The database is temporary[^]*Why +DATABASE_URL is not set\.\n/,
    )
    t.ok(plain().trim().split('\n').length <= 8, plain())
    await send(`http://${host}:${port}`, 'GET', '/tasks')
    while (!/request GET \/tasks: 200/.test(plain())) await once(terminal.stdout, 'data')
    terminal.stdin.write('\u0003')
    await ended
    t.match(plain(), /stopping[^]*stopped/)
    t.notMatch(shown, /{"level"/)
  })
}

const badSettings = [
  { name: 'a PORT that is a word', env: { PORT: 'http' }, want: /^PORT must be .*"http"\.\n$/ },
  {
    name: 'an API_TOKEN that no client can send',
    env: { API_TOKEN: `${secret} ü` },
    want: /^API_TOKEN must be visible ASCII characters without blanks: no client could send it\.\n$/,
  },
  {
    name: 'a HOST that is not of this machine',
    env: { HOST: '192.0.2.1' },
    want: /^The service cannot start: .*\n$/,
  },
]
for (const { name, env, want } of badSettings) {
  void t.test(`${name}: one line, exit code 1`, async (t) => {
    const app = await startApp({ ...env }, newFolder(), countedNode)
    t.equal((await app.stop()).code, 1)
    t.match(app.output().err, want)
    t.equal(app.output().out, '')
    t.notOk(existsSync(join(app.folder, 'data')), 'and no database was opened')
  })
}

void t.test('a PORT in use: one line, exit code 1', async (t) => {
  const other = createServer().listen(0)
  t.teardown(() => void other.close())
  const { port } = other.address() as AddressInfo
  const app = await startApp({ PORT: String(port) }, newFolder(), countedNode)
  t.equal((await app.stop()).code, 1)
  t.equal(app.output().err, `Port ${port} is in use. Stop the other program, or set PORT to another one.\n`)
})
