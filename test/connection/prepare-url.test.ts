import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import type { Knex } from 'knex'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const other = await startPostgres()
t.teardown(() => other.remove())

const { url } = postgres
/** The same server and database; the name of the program tells which way was taken. */
const by = (way: string, base = url): string => `${base}?application_name=${way}`

const askWay = async (knex: Knex): Promise<string> => {
  const { rows } = await knex.raw<{ rows: [{ way: string }] }>(
    `select current_setting('application_name') as way`,
  )
  return rows[0].way
}

interface Run {
  readonly database: Database
  readonly ways: readonly string[]
  readonly codes: readonly string[]
}

async function run(t: Test, env: Record<string, string>, options: OpenOptions = {}): Promise<Run> {
  const ways: string[] = []
  const database = openDatabase({
    env,
    strategy: 'never',
    log: () => {},
    prepare: async (knex) => void ways.push(await askWay(knex)),
    ...options,
  })
  t.teardown(() => database.close())
  await database.connect()
  return { database, ways, codes: database.config.warnings.map(({ code }) => code) }
}

for (const name of ['DATABASE_URL_UNPOOLED', 'DIRECT_URL', 'POSTGRES_URL_NON_POOLING']) {
  t.test(`${name} is the way of the migrations, and of nothing else`, async (t) => {
    const { database, ways } = await run(t, { DATABASE_URL: by('pooled'), [name]: by('direct') })
    t.same(ways, ['direct'])
    t.equal(database.state.status, 'connected')
    t.equal(await askWay(database.knex), 'pooled')
    t.match(database.config.explain(), `${name}: the migrations run over it`)
  })
}

t.test('what variables say beside the configured address counts for its twin too', async (t) => {
  const { username, password } = new URL(url)
  const locked = url.replace(`:${password}@`, '@')
  const { database, ways } = await run(t, {
    DATABASE_URL: by('pooled', locked),
    DIRECT_URL: by('direct', locked),
    PGUSER: username,
    PGPASSWORD: password,
  })
  t.not(locked, url)
  t.same(ways, ['direct'])
  t.equal(await askWay(database.knex), 'pooled')
})

t.test('its knex lives for the migrations alone', async (t) => {
  let kept: Knex | undefined
  const prepare = async (knex: Knex): Promise<void> => {
    kept = knex
    await knex.raw('select 1')
  }
  const { database } = await run(t, { DATABASE_URL: by('pooled'), DIRECT_URL: by('direct') }, { prepare })
  t.not(kept, await database.ready())
  await t.rejects(kept!.raw('select 1'), { code: 'closed' })
  const { rows } = await database.knex.raw<{ rows: object[] }>(
    `select 1 from pg_stat_activity where application_name = 'direct'`,
  )
  t.same(rows, [], 'and no connection of it is left')
})

t.test('the option beats the variables, whatever name it gives the database', async (t) => {
  const env = { DATABASE_URL: by('pooled'), DIRECT_URL: by('direct') }
  t.same((await run(t, env, { prepareUrl: by('asked') })).ways, ['asked'])
  const elsewhere = by('asked', url.replace('/postgres', '/template1'))
  t.same((await run(t, env, { prepareUrl: elsewhere })).ways, ['asked'])
  t.same((await run(t, env, { prepareUrl: '' })).ways, ['direct'], 'a blank one counts as absent')
})

t.test('a twin of another database, or of another kind, is passed over with a warning', async (t) => {
  for (const twin of [
    url.replace('/postgres', '/template1'),
    'mysql://app@db.example.com/postgres',
    'sqlite:x.db',
  ]) {
    const { database, ways, codes } = await run(t, { DATABASE_URL: by('pooled'), DIRECT_URL: twin })
    t.same(ways, ['pooled'])
    t.ok(codes.includes('conflicting-variables'), twin)
    t.match(
      database.config.warnings.map(({ message }) => message),
      [/DATABASE_URL is used, and not DIRECT_URL/],
    )
    t.notMatch(JSON.stringify(database.config.warnings), postgres.password)
  }
})

t.test('the first twin that fits is taken', async (t) => {
  const { ways } = await run(t, {
    DATABASE_URL: by('pooled'),
    DATABASE_URL_UNPOOLED: url.replace('/postgres', '/template1'),
    DIRECT_URL: by('direct'),
    POSTGRES_URL_NON_POOLING: by('last'),
  })
  t.same(ways, ['direct'])
})

t.test('a twin that cannot be read, or does not answer, is passed over with a warning', async (t) => {
  const away = `postgres://failsoft:s3cret@127.0.0.1:${refusedPort}/postgres`
  for (const [twin, code] of [
    ['postgres://h:99999/postgres', 'invalid-port'],
    [away, 'connection-refused'],
  ] as const) {
    const { ways, codes } = await run(t, { DATABASE_URL: by('pooled'), DIRECT_URL: twin })
    t.same(ways, ['pooled'])
    t.ok(codes.includes(code), code)
  }
})

t.test('the twin of what is in use, and of nothing else', async (t) => {
  const twin = { DIRECT_URL: by('direct') }
  t.same((await run(t, twin, { url: by('option') })).ways, ['option'], 'an option has none')
  t.same((await run(t, { ...twin, MY_URL: by('mine') }, { variables: ['MY_URL'] })).ways, ['mine'])
  t.same((await run(t, twin)).ways, ['direct'], 'it is in use itself')
  t.same((await run(t, { DATABASE_URL: by('same'), DIRECT_URL: by('same') })).ways, ['same'])
  t.same((await run(t, { ...twin, DATABASE_URL: by('named') })).ways, ['direct'])
  const { config } = openDatabase({ env: { DATABASE_URL: other.url } })
  t.same(
    (await run(t, { ...twin, DATABASE_URL: url }, { config })).ways,
    ['failsoft'],
    'of another environment',
  )
})

t.test(
  'an option that cannot be used is the problem, and nothing is prepared over another way',
  async (t) => {
    const away = `postgres://failsoft:s3cret@127.0.0.1:${refusedPort}/postgres`
    const env = { DATABASE_URL: by('pooled') }
    for (const [prepareUrl, code] of [
      ['postgres://h:99999/postgres', 'invalid-port'],
      [away, 'connection-refused'],
    ] as const) {
      const { database, ways } = await run(t, env, { prepareUrl })
      t.same(ways, [])
      t.match(database.state, { status: 'unavailable', problem: { code } })
      t.notMatch(JSON.stringify(database.state), 's3cret')
    }
    const sqlite = await run(t, env, { prepareUrl: 'sqlite:x.db' })
    t.same(
      [sqlite.ways, sqlite.codes],
      [['pooled'], ['conflicting-variables']],
      'of another kind: passed over',
    )
  },
)

t.test('what fails is said of the way that was taken', async (t) => {
  const prepare = async (): Promise<void> => {
    throw new Error('no such column')
  }
  const { database } = await run(t, { DATABASE_URL: by('pooled'), DIRECT_URL: by('direct') }, { prepare })
  t.match(database.state, { status: 'unavailable', problem: { code: 'migration-failed', message: /direct/ } })
})

t.test('a database in a file has no other way', async (t) => {
  const database = openDatabase({
    env: { DATABASE_URL: 'sqlite::memory:', DIRECT_URL: url },
    prepare: async (knex) => {
      await knex.schema.createTable('here', (table) => table.increments())
    },
  })
  t.teardown(() => database.close())
  await database.connect()
  t.same(await database.knex('here'), [])
})
