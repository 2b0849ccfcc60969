import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'
import { runCommand, type Ran } from './run-command.ts'
import { newFolder } from '../new-folder.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const readOnly = await startPostgres({ flags: ['-c', 'default_transaction_read_only=on'] })
t.teardown(() => readOnly.remove())
const refused = `postgres://app:canary@127.0.0.1:${refusedPort}/app`

const warnings: string[] = []
// Node.js 22 itself says of its node:sqlite that it is an experiment.
process.on('warning', ({ name, message }) => name === 'ExperimentalWarning' || warnings.push(message))

async function check(args: string[], env: Record<string, string>): Promise<Ran> {
  const ran = await runCommand(['check', ...args], { env, cwd: newFolder() })
  t.equal(ran.err, '')
  return ran
}

for (const { name, args = [], env, code, out } of [
  {
    name: 'a server that answers',
    env: { DATABASE_URL: postgres.url },
    code: 0,
    out: [
      /^State {8}connected$/m,
      /^Server {7}PostgreSQL/m,
      /^Driver {7}pg$/m,
      /^Latency {6}\d+ ms$/m,
      /failsoft:\*\*\*@/,
    ],
  },
  {
    name: 'a server that is read-only',
    env: { DATABASE_URL: readOnly.url },
    code: 1,
    out: [/^State {8}connected, read-only$/m],
  },
  {
    name: 'a fallback',
    env: { DATABASE_URL: refused, DATABASE_FALLBACK: 'always' },
    code: 1,
    out: [
      /^State {8}fallback$/m,
      /^Reason.*\[connection-refused\]$/m,
      /^ +→ Check host and port/m,
      /failsoft\.db/,
    ],
  },
  {
    name: 'no fallback',
    env: { DATABASE_URL: refused, DATABASE_FALLBACK: 'never' },
    code: 2,
    out: [/^State {8}unavailable$/m],
  },
  {
    name: 'a password that is wrong',
    env: { DATABASE_URL: postgres.url.replace(postgres.password, 'canary'), DATABASE_FALLBACK: 'never' },
    code: 2,
    out: [/\[auth-failed\]$/m, /^ +The server said: password authentication failed for user "failsoft"$/m],
  },
  {
    name: 'a warning, strictly',
    args: ['--strict'],
    env: { DATABASE_URL: `${postgres.url}?nonsense=1` },
    code: 1,
    out: [/\[unknown-parameter\]/],
  },
] as { name: string; args?: string[]; env: Record<string, string>; code: number; out: RegExp[] }[]) {
  t.test(name, async (t) => {
    const ran = await check(args, env)
    t.equal(ran.code, code)
    for (const pattern of out) t.match(ran.out, pattern)
    t.notMatch(ran.out, /canary|s3cret/)
  })
}

t.test('says the reason before the details', async (t) => {
  const { out } = await check([], { DATABASE_URL: refused, DATABASE_FALLBACK: 'always' })
  t.match(out, /^State +fallback\nReason [^]*\nDatabase /)
})

t.test('leaves no file behind that was not there', async (t) => {
  const cwd = t.testdir()
  const run = async (env: Record<string, string>): Promise<Ran> => runCommand(['check'], { cwd, env })
  for (const env of [
    { DATABASE_FALLBACK: 'always' },
    { SQLITE_PATH: 'a/b/x.db', DATABASE_FALLBACK: 'always' },
    { DATABASE_URL: 'sqlite:./new.db' },
  ] as Record<string, string>[]) {
    await run(env)
    t.same(readdirSync(cwd), [], JSON.stringify(env))
  }
  const file = openDatabase({ env: { DATABASE_URL: 'sqlite:./kept.db' }, cwd, log: () => {} })
  await (await file.ready()).schema.createTable('a', (table) => void table.integer('b'))
  await file.close()
  await run({ DATABASE_URL: 'sqlite:./kept.db' })
  t.same(readdirSync(cwd), ['kept.db'])
})

t.test('a repair of the settings is in the reason, and a host that answers is no mistake', async (t) => {
  const { out } = await check([], { DATABASE_URL: `"${refused}"`, DATABASE_FALLBACK: 'never' })
  t.match(out, /→ .*repaired.*is wrapped in quotes/)
  const local = await check([], { DATABASE_URL: postgres.url, SPACE_ID: 'a/b' })
  t.notMatch(local.out, 'localhost-in-container')
  t.equal(local.code, 0)
})

t.test('as JSON', async (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check', '--json'], {
    cwd: newFolder(),
    env: { DATABASE_URL: postgres.url },
    encoding: 'utf8',
  })
  t.equal(status, 0)
  t.equal(stderr, '')
  const out = stdout
  t.match(JSON.parse(out), { state: { status: 'connected' }, health: { status: 'pass' }, warnings: Array })
  t.notMatch(out, /s3cret/)
})

t.test('a file of variables that cannot be read', async (t) => {
  const { code, err } = await runCommand(['check', '--env-file', 'nowhere'], { cwd: t.testdir() })
  t.not(code, 0)
  t.match(err, /nowhere/)
})

t.test('nothing was said beside the output', async (t) => t.same(warnings, []))
