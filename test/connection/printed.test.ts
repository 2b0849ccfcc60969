import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { resolveDatabaseConfig, validateUrl } from 'failsoft'
import { createEngine, openDatabase } from 'failsoft/knex'
import { openPool } from 'failsoft/pg'
import t, { type Test } from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if (!('skip' in mariadb)) t.teardown(() => mariadb.remove())

/** Deep enough for whatever holds a password; knex itself has no end. */
const deep = { showHidden: true, depth: 7, getters: true, maxArrayLength: null, maxStringLength: null }

const printers: Readonly<Record<string, (value: unknown) => string>> = {
  '%o': (value) => format('%o', value),
  '%O': (value) => format('%O', value),
  inspect: (value) => inspect(value, deep),
  'inspect, past what an object says of itself': (value) => inspect(value, { ...deep, customInspect: false }),
  'inspect, behind proxies': (value) => inspect(value, { ...deep, showProxy: true }),
  JSON: (value) => JSON.stringify(value) ?? '',
  structuredClone: (value) => inspect(structuredClone(value), deep),
  'v8.serialize': (value) => serialize(value).toString('latin1'),
  spread: (value) => inspect({ ...(value as object) }, deep),
}

/** What a printer makes of a value; one that refuses it shows nothing. */
function print(printer: (value: unknown) => string, value: unknown): string {
  try {
    return printer(value)
  } catch (error) {
    return inspect(error, deep)
  }
}

/** Every text that can be reached from a value over properties of any kind, without calling anything. */
function* texts(root: unknown): Generator<string> {
  const seen = new Set<unknown>()
  const left = [root]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') yield value
    if (Buffer.isBuffer(value) && value.byteLength > 0) yield value.toString('latin1')
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue
    seen.add(value)
    if (value instanceof Map || value instanceof Set) left.push(...[...value].flat())
    const descriptors = Object.values(Object.getOwnPropertyDescriptors(value))
    const symbols = Object.getOwnPropertySymbols(value).map((key) =>
      Object.getOwnPropertyDescriptor(value, key),
    )
    for (const each of [...descriptors, ...symbols]) if (each && 'value' in each) left.push(each.value)
    left.push(Object.getPrototypeOf(value))
  }
}

function expectNoSecret(t: Test, subjects: Readonly<Record<string, unknown>>, secret: string): void {
  for (const [subject, value] of Object.entries(subjects)) {
    for (const [name, printer] of Object.entries(printers))
      t.notOk(print(printer, value).includes(secret), `${subject}: ${name}`)
    t.notOk(
      [...texts(value)].some((text) => text.includes(secret)),
      `${subject}: every property`,
    )
  }
}

t.test('what looks for secrets finds them', async (t) => {
  const hidden = Object.defineProperty({}, 'password', { value: 'canary', enumerable: false })
  t.ok(print(printers['inspect']!, { hidden }).includes('canary'))
  t.ok([...texts(new Map([[1, { [Symbol('a')]: [hidden] }]]))].includes('canary'))
})

const servers = [
  { name: 'pg', url: `${postgres.url}?sslmode=disable`, secret: postgres.password },
  ...('skip' in mariadb ? [] : [{ name: 'mysql2', url: mariadb.url, secret: mariadb.password }]),
  { name: 'SQLite', url: 'sqlite::memory:', secret: 'canary' },
]

for (const { name, url, secret } of servers) {
  t.test(`${name}: no printer finds the password, whatever it is given`, async (t) => {
    const target = validateUrl(url)
    const made = createEngine(resolveDatabaseConfig({ url }))
    if (!made.ok || !target.valid) throw new Error('no engine')
    const { engine } = made
    const database = openDatabase({ env: { DATABASE_URL: url, CANARY: secret }, strategy: 'never' })
    t.teardown(() => Promise.all([database.close(), engine.close()]))
    await database.ready()
    await engine.knex.raw('select 1')
    const client = clientOf(engine.knex)
    const connection = await client.acquireConnection()
    expectNoSecret(
      t,
      {
        database,
        handle: database.knex,
        config: database.config,
        state: database.state,
        target,
        engine,
        knex: engine.knex,
        client,
        'client.config': client.config,
        'client.connectionSettings': client.connectionSettings,
        pool: client.pool,
        connection,
        'connection.config': (connection as { config?: unknown }).config,
      },
      secret,
    )
    await client.releaseConnection(connection)
  })
}

t.test('neither is a password that the program gives, nor one that is refused', async (t) => {
  const { host, port, user, password, database: name } = postgres
  const given = openDatabase({
    env: { DATABASE_URL: `postgres://${user}@${host}:${port}/${name}` },
    strategy: 'never',
    credentials: async () => ({ password }),
  })
  const refused = openDatabase({
    env: { DATABASE_URL: postgres.url.replace(password, 'canary'), SQLITE_PATH: ':memory:' },
    strategy: 'always',
    log: () => {},
  })
  t.teardown(() => Promise.all([given.close(), refused.close()]))
  const client = clientOf(await given.ready())
  const connection = await client.acquireConnection()
  expectNoSecret(t, { given, client, pool: client.pool, connection }, password)
  await client.releaseConnection(connection)
  t.match(await refused.connect(), { status: 'fallback', problem: { code: 'auth-failed' } })
  expectNoSecret(
    t,
    { refused, state: refused.state, config: refused.config, knex: await refused.ready() },
    'canary',
  )
})

t.test('a colon that was encoded is no way to show what follows it', async (t) => {
  const found = validateUrl('postgres://app%3Acanary@db.example.com/todo')
  t.equal(found.valid, true)
  t.match(found.warnings, [{ code: String }])
  expectNoSecret(t, { found }, 'canary')
  const config = resolveDatabaseConfig({
    env: { DATABASE_URL: 'postgres://app%3Acanary@db.example.com/todo' },
  })
  expectNoSecret(t, { config, text: config.explain() }, 'canary')
})

t.test('a database prints its state, and so does its JSON; an engine prints what it runs on', async (t) => {
  const database = openDatabase({ env: { DATABASE_URL: postgres.url }, strategy: 'never' })
  t.teardown(() => database.close())
  t.match(inspect(database), /^Database \{[^]*status: 'idle'/)
  await database.connect()
  t.match(inspect(database), /^Database \{\s+status: 'connected',\s+engine: \{[^]*failsoft:\*\*\*@/)
  t.ok(inspect(database).length < 600)
  t.same(JSON.parse(JSON.stringify(database)), database.state)
  const pool = openPool({ env: { DATABASE_URL: postgres.url } })
  t.teardown(() => pool.close())
  t.match(inspect(pool), /^PoolDatabase \{\s+status: 'idle'/)
  t.same(JSON.parse(JSON.stringify(pool)), pool.state)
  const made = createEngine(resolveDatabaseConfig({ url: 'sqlite::memory:' }))
  if (!made.ok) throw new Error('no engine')
  t.match(inspect(made.engine), /^Engine \{\s+dialect: 'sqlite'/)
  await made.engine.close()
})
