import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Module } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { resolveDatabaseConfig, type DatabaseConfig, type DatabaseTarget } from 'failsoft'
import { createEngine, type Engine, type EngineOptions } from 'failsoft/knex'
import { openTarget } from '#lib/engine/create-engine.js'
import { mysqlDialect } from '#lib/engine/mysql/dialect.js'
import { startFaultServer } from '../servers/fault-server.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { change, firstRow, openEngine, targetOf } from './server/open-engine.js'
import { temporaryDirectory } from './sqlite/open.js'
import { copyLibrary } from '../copy-library.ts'
import { plainNode } from '../plain-node.ts'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const root = new URL('../../', import.meta.url).pathname

interface Case {
  readonly name: string
  readonly url: string
  readonly info: object
  readonly version: RegExp
  /** Makes its server, or a user, take no writes, and says how to connect then. */
  readonly readOnly?: (admin: Engine) => Promise<string>
}

const cases: Case[] = [
  {
    name: 'postgres',
    url: postgres.url,
    info: { dialect: 'postgres', driver: 'pg', host: '127.0.0.1' },
    version: /^PostgreSQL \d/,
    readOnly: async (admin) => {
      await admin.knex.raw("create role reader login password 's3cret'")
      await admin.knex.raw('alter role reader set default_transaction_read_only = on')
      return change(postgres.url, { user: 'reader' })
    },
  },
  {
    name: 'cockroachdb',
    url: change(postgres.url, {}).replace('postgres:', 'cockroachdb:'),
    info: { dialect: 'cockroachdb', driver: 'pg', host: '127.0.0.1' },
    version: /^PostgreSQL \d/,
  },
  {
    name: 'sqlite',
    url: `sqlite:${join(temporaryDirectory(t), 'a.db')}`,
    info: { dialect: 'sqlite', driver: /sqlite/ },
    version: /.*/,
  },
]
if ('url' in mariadb) {
  cases.push({
    name: 'mysql',
    url: mariadb.url,
    info: { dialect: 'mysql', driver: 'mysql2', host: '127.0.0.1' },
    version: /^MariaDB \d/,
    readOnly: async (admin) => {
      await admin.knex.raw('set global read_only = on')
      return mariadb.url
    },
  })
}

for (const { name, url, info, version, readOnly } of cases) {
  void t.test(`${name}: an engine`, async (t) => {
    const engine = openEngine(t, url)
    t.notMatch(engine.info, { serverVersion: /./ }, 'nothing is connected before it is used')
    t.match(await engine.probe({ write: true, timeoutMs: 2000 }), {
      ok: true,
      readOnly: false,
      latencyMs: Number,
    })
    t.match(engine.info, info)
    t.match(engine.info.serverVersion ?? '', version)
    t.notMatch(JSON.stringify(engine.info), /s3cret/)

    await engine.knex.schema.dropTableIfExists('notes')
    await engine.knex.schema.createTable('notes', (table) => {
      table.increments('id')
      table.text('text')
    })
    await engine.knex.transaction(async (trx) => trx('notes').insert({ text: 'kept' }))
    t.match(await engine.knex('notes').first('text'), { text: 'kept' })

    await Promise.all([engine.close(), engine.close()])
    await engine.close()
    await t.rejects(engine.knex('notes').first(), { code: 'closed' })
    t.match(await engine.probe(), { ok: false, problem: { code: 'closed' } })
  })

  if (readOnly) {
    void t.test(`${name}: a server that takes no writes`, async (t) => {
      const admin = openEngine(t, url)
      const reader = openEngine(t, await readOnly(admin))
      t.match(await reader.probe({ write: true }), { ok: true, readOnly: true })
    })
  }
}

void t.test('a decision', async (t) => {
  const cwd = temporaryDirectory(t)
  const primary = resolveDatabaseConfig({ env: { DATABASE_URL: postgres.url }, cwd })
  const made = createEngine(primary)
  t.match(made, { ok: true, engine: { info: { dialect: 'postgres' } } })
  if (made.ok) await made.engine.close()

  const fallback = createEngine(resolveDatabaseConfig({ env: {}, strategy: 'always', cwd }))
  t.match(fallback, { ok: true, engine: { info: { dialect: 'sqlite' } } })
  if (fallback.ok) {
    t.match(await fallback.engine.probe({ write: true }), { ok: true, readOnly: false })
    await fallback.engine.close()
  }
  const inMemory = createEngine(
    resolveDatabaseConfig({ env: { SQLITE_PATH: ':memory:' }, strategy: 'always', cwd }),
  )
  t.match(inMemory, { ok: true, engine: { info: { target: /memory/ } } })
  if (inMemory.ok) await inMemory.engine.close()
  t.match(await openEngine(t, 'sqlite::memory:').probe(), { ok: true })
  writeFileSync(join(cwd, 'in-the-way'), '')
  const filename = join(cwd, 'in-the-way', 'sub', 'a.db')
  const location = { filename, durability: 'persistent', filesystem: 'local' } as const
  const config = resolveDatabaseConfig({ env: {}, strategy: 'always', cwd })
  const refused = createEngine({ ...config, location } as DatabaseConfig)
  if (!refused.ok) throw new Error(refused.problem.message)
  t.teardown(() => refused.engine.close())
  t.match(await refused.engine.probe(), { ok: false, problem: { code: 'sqlite-directory-missing' } })
  await t.rejects(Promise.resolve(refused.engine.knex.raw('select 1')), { code: 'sqlite-directory-missing' })
  const none = createEngine(
    resolveDatabaseConfig({ env: { DATABASE_URL: 'mongodb://h' }, strategy: 'never', cwd }),
  )
  t.match(none, { ok: false, problem: { code: 'unsupported-scheme' } })
})

const mistakes: { name: string; options: unknown }[] = [
  { name: 'options', options: null },
  { name: 'options.connectTimeoutMs', options: { connectTimeoutMs: '5000' } },
  { name: 'options.connectTimeoutMs', options: { connectTimeoutMs: Infinity } },
  { name: 'options.sqliteDriver', options: { sqliteDriver: 'sqlite' } },
  { name: 'options.log', options: { log: 'stdout' } },
  { name: 'options.pool', options: { pool: 5 } },
  { name: 'options.pool.max', options: { pool: { max: 0 } } },
  { name: 'options.pool.min', options: { pool: { min: 5, max: 2 } } },
  { name: 'options.pool.acquireTimeoutMs', options: { pool: { acquireTimeoutMs: NaN } } },
]

void t.test('an option of the wrong type is a mistake that is named', async (t) => {
  for (const { name, options } of mistakes) {
    const make = (): unknown => createEngine(targetOf(postgres.url), options as EngineOptions)
    t.throws(
      make,
      { name: 'TypeError', message: new RegExp(`^${name.replaceAll('.', '\\.')} must be`) },
      name,
    )
  }
  for (const config of [undefined, null, 'postgres://canary@h/d', {}]) {
    const make = (): unknown => createEngine(config as DatabaseTarget)
    t.throws(make, { name: 'TypeError', message: /^config must be (?!.*canary)/ })
  }
})

/** A project that has the library. */
const directory = temporaryDirectory(t)
const modules = join(directory, 'node_modules')
mkdirSync(join(modules, 'failsoft'), { recursive: true })
copyLibrary(join(modules, 'failsoft'))
cpSync(join(root, 'package.json'), join(modules, 'failsoft/package.json'))

/** The project with these packages, and no others. */
function project(packages: readonly string[], broken?: string): (url: string) => unknown {
  for (const name of ['knex', 'pg', 'mysql2', 'better-sqlite3'])
    rmSync(join(modules, name), { recursive: true, force: true })
  for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  if (broken) {
    mkdirSync(join(modules, broken))
    writeFileSync(join(modules, broken, 'index.js'), 'throw new Error("/secret/path: invalid ELF header")')
  }
  const code = `
    import { createRequire } from 'node:module'
    import { validateUrl } from 'failsoft'
    import { createEngine } from 'failsoft/knex'
    const packages = /node_modules.(knex|pg|mysql2|sqlite3|better-sqlite3)./
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => packages.test(path)).length
    const before = loaded()
    const made = createEngine(validateUrl(process.argv[1]).target)
    console.log(JSON.stringify({ ok: made.ok, problem: made.problem, before, after: loaded() }))`
  return (url) => {
    return JSON.parse(
      execFileSync(...plainNode('--input-type=module', '-e', code, url), {
        cwd: directory,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      }),
    ) as unknown
  }
}

const server = {
  postgres: 'postgres://u:canary@h/d',
  mysql: 'mysql://u:canary@h/d',
  cockroachdb: 'cockroachdb://u:canary@h/d',
}
const absences = [
  { name: 'nothing', has: [], url: server.postgres, code: 'driver-missing', package: 'pg' },
  { name: 'no pg', has: ['knex'], url: server.postgres, code: 'driver-missing', package: 'pg' },
  {
    name: 'no pg, for CockroachDB',
    has: ['knex'],
    url: server.cockroachdb,
    code: 'driver-missing',
    package: 'pg',
  },
  { name: 'no mysql2', has: ['knex', 'pg'], url: server.mysql, code: 'driver-missing', package: 'mysql2' },
  { name: 'no knex', has: ['pg'], url: server.postgres, code: 'driver-missing', package: 'knex' },
  {
    name: 'no knex, for SQLite',
    has: ['better-sqlite3'],
    url: 'sqlite::memory:',
    code: 'driver-missing',
    package: 'knex',
  },
  {
    name: 'a broken pg',
    has: ['knex'],
    broken: 'pg',
    url: server.postgres,
    code: 'driver-broken',
    package: 'pg',
  },
  {
    name: 'a broken knex',
    has: ['pg'],
    broken: 'knex',
    url: server.postgres,
    code: 'driver-broken',
    package: 'knex',
  },
]

void t.test('a package that is not installed is a problem, not a crash', async (t) => {
  for (const { name, has, broken, url, code, package: missing } of absences) {
    const answer = project(has, broken)(url)
    t.match(answer, { ok: false, problem: { code, message: new RegExp(`"${missing}"`) }, before: 0 }, name)
    t.notMatch(JSON.stringify(answer), /canary|secret/)
  }
})

void t.test('a package that is hidden from this process', async (t) => {
  const modules = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string }
  const resolveFilename = modules._resolveFilename
  t.teardown(() => (modules._resolveFilename = resolveFilename))
  for (const hidden of ['pg', 'knex']) {
    modules._resolveFilename = (request, ...rest) => {
      if (request === hidden) throw Object.assign(new Error('hidden'), { code: 'MODULE_NOT_FOUND' })
      return resolveFilename(request, ...rest)
    }
    const message = new RegExp(`^The PostgreSQL database needs the package "${hidden}"`)
    t.match(createEngine(targetOf(server.postgres)), {
      ok: false,
      problem: { code: 'driver-missing', message },
    })
  }
})

void t.test('packages are loaded on demand', async (t) => {
  const answer = project(['knex', 'pg', 'mysql2'])(server.postgres) as { after: number }
  t.match(answer, { ok: true, before: 0 }, 'importing the library loads none of them')
  t.ok(answer.after > 0)
})

void t.test('what MySQL says of itself', async (t) => {
  const row = (Variable_name: string, Value: string): object => ({ Variable_name, Value })
  const cases = [
    {
      rows: [row('version', '8.4.3'), row('read_only', 'OFF')],
      want: { version: 'MySQL 8.4.3', readOnly: false },
    },
    {
      rows: [row('version', '8.0.39'), row('innodb_read_only', 'ON')],
      want: { readOnly: true, standby: true },
    },
    {
      rows: [row('version', '10.11.2-MariaDB'), row('tx_read_only', '1')],
      want: { version: 'MariaDB 10.11.2-MariaDB', readOnly: true },
    },
    { rows: [], want: { version: 'MySQL unknown', readOnly: false } },
  ]
  for (const { rows, want } of cases) t.match(mysqlDialect.readStatus([rows]), want)
})

void t.test('what the platform adds to a failure', async (t) => {
  const silent = await startFaultServer('is silent')
  const refusing = await startFaultServer('refuses')
  const at = (host: string, port: number): string =>
    `postgres://u:canary@${host}:${port}/d?hostaddr=127.0.0.1`
  const cases = [
    {
      name: 'a Space, and a port that it blocks',
      env: { SPACE_ID: 'a/b' },
      url: at('db.example.com', silent.port),
      want: { code: 'port-blocked', hint: /443/ },
    },
    {
      name: 'the same port elsewhere',
      env: {},
      url: at('db.example.com', silent.port),
      want: { code: 'connect-timeout' },
    },
    {
      name: 'a Space, and a server that refuses',
      env: { SPACE_ID: 'a/b' },
      url: at('db.example.com', refusing.port),
      want: { code: 'connection-refused' },
    },
    {
      name: 'Supabase without IPv4',
      env: {},
      url: at('db.abcdefghijkl.supabase.co', refusing.port),
      want: { code: 'connection-refused', hint: /pooler\.supabase\.com/ },
    },
    {
      name: 'a private host of a platform',
      env: {},
      url: at('postgres.railway.internal', refusing.port),
      want: { hint: /Railway/ },
    },
  ]
  for (const { name, env, url, want } of cases) {
    const made = openTarget(targetOf(url), { connectTimeoutMs: 200 }, { env })
    if (!made.ok) throw new Error(made.problem.message)
    t.match(await made.engine.knex.raw('select 1').catch((error: unknown) => error), want, name)
    t.match(await made.engine.probe({ timeoutMs: 500 }), { ok: false, problem: want }, `${name}: the probe`)
    await made.engine.close()
  }
  await silent.close()
})

const notRoot = process.getuid?.() !== 0 && 'only root can become somebody else'

void t.test(
  'a user of the operating system without a name is named by its number',
  { skip: notRoot },
  async (t) => {
    const target = targetOf(`postgres://:x@${postgres.host}:${postgres.port}/postgres`)
    process.seteuid?.(54321)
    const made = createEngine(target)
    process.seteuid?.(0)
    if (!made.ok) throw new Error(made.problem.message)
    await t.rejects(made.engine.knex.raw('select 1'), { code: 'auth-failed', cause: { message: /"54321"/ } })
    await made.engine.close()
  },
)

void t.test('a shut gate refuses at once', async (t) => {
  const made = openTarget(targetOf(postgres.url), {})
  if (!made.ok) throw new Error(made.problem.message)
  t.teardown(() => made.engine.close())
  made.engine.setGate(() => new Error('not now'))
  await t.rejects(made.engine.knex.raw('select 1'), { message: 'not now' })
  await t.rejects(
    made.engine.knex.transaction(async () => t.fail('ran')),
    { message: 'not now' },
  )
  t.match(await made.engine.probe(), { ok: true }, 'but a probe goes through')
  made.engine.setGate(undefined)
  t.match(await firstRow(made.engine.knex, 'select 1 as one'), { one: 1 })
})

void t.test('trouble with the connection is told, trouble with a statement is not', async (t) => {
  const refusing = await startFaultServer('refuses')
  const told: string[] = []
  for (const { url, sql } of [
    { url: postgres.url, sql: 'nonsense' },
    { url: change(postgres.url, { port: refusing.port }), sql: 'select 1' },
    { url: postgres.url, sql: 'select pg_terminate_backend(pg_backend_pid())' },
  ]) {
    const made = openTarget(targetOf(url), {})
    if (!made.ok) throw new Error(made.problem.message)
    made.engine.onTrouble(({ code }) => told.push(code))
    await t.rejects(made.engine.knex.raw(sql))
    await made.engine.close()
    t.notOk(made.engine.isBusy())
  }
  t.same(told, ['connection-refused', 'server-shutting-down'])
})
