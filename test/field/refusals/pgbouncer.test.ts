import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, type ConnectionState, type Database, type OpenOptions } from 'failsoft/knex'
import pg from 'pg'
import t from 'tap'
import { startPgbouncer, type Pgbouncer, type PgbouncerOptions } from '../../servers/pgbouncer.js'
import { startPostgres } from '../../servers/postgres.js'

t.setTimeout(600_000)
const postgres = await startPostgres({ hba: ['local all all trust', 'host all all all scram-sha-256'] })
t.teardown(() => postgres.remove())
const { user, password } = postgres
const at = (name: string, more = ''): string =>
  `${name} = host=127.0.0.1 port=${postgres.port} dbname=postgres user=${user} password=${password} ${more}`

async function start(options: Partial<PgbouncerOptions> = {}): Promise<Pgbouncer> {
  const pooler = await startPgbouncer({
    databases: [
      at('todo'),
      at('other', 'dbname=not_there'),
      at('stranger', 'user=nobody password=x'),
      'dead = host=127.0.0.1 port=1',
    ],
    users: { app: 's3cret', [user]: password },
    ...options,
    settings: [
      'server_login_retry = 1',
      'server_connect_timeout = 2',
      'query_wait_timeout = 2',
      ...(options.settings ?? []),
    ],
  })
  if ('skip' in pooler) throw new Error(pooler.skip)
  t.teardown(() => pooler.remove())
  return pooler
}

const probe = await startPgbouncer({ databases: [], users: {} })
if ('remove' in probe) await probe.remove()
const skip = 'skip' in probe && probe.skip

function open(
  pooler: Pgbouncer,
  options: { login?: string; database?: string; query?: string } & OpenOptions = {},
): Database {
  const { login = 'app:s3cret', database = 'todo', query = '', ...more } = options
  const url = `postgres://${login}@127.0.0.1:${pooler.port}/${database}${query}`
  const opened = openDatabase({ url, strategy: 'never', env: {}, bootDeadlineMs: 8000, ...more })
  t.teardown(() => opened.close({ timeoutMs: 200 }))
  return opened
}

async function until(
  database: Database,
  isIt: (state: ConnectionState) => boolean,
  limitMs = 40_000,
): Promise<ConnectionState> {
  const end = performance.now() + limitMs
  while (!isIt(database.state) && performance.now() < end) await sleep(50)
  return database.state
}

const refusals = [
  { name: 'a wrong password', to: { login: 'app:wrong' }, want: ['auth-failed'] },
  { name: 'a user that it does not know', to: { login: 'nobody:x' }, want: ['user-missing', 'auth-failed'] },
  { name: 'a database that it does not know', to: { database: 'unheard_of' }, want: ['database-missing'] },
  { name: 'a start-up parameter', to: { query: '?search_path=public' }, want: ['invalid-parameter'] },
  { name: 'a database that its server does not have', to: { database: 'other' }, want: ['database-missing'] },
  {
    name: 'a login of its own that fails',
    to: { database: 'stranger' },
    want: ['auth-failed', 'connect-timeout'],
  },
  {
    name: 'a server that is not there',
    to: { database: 'dead' },
    want: ['refused', 'connect-timeout', 'too-many-connections'],
  },
] as const

for (const mode of ['session', 'transaction', 'statement']) {
  t.test(`in ${mode} mode`, { skip }, async (t) => {
    const pooler = await start({ settings: [`pool_mode = ${mode}`] })
    for (const { name, to, want } of refusals) {
      const state = await open(pooler, to).connect()
      t.equal(state.status, 'unavailable', name)
      if (state.status !== 'unavailable') continue
      t.ok(
        (want as readonly string[]).includes(state.problem.code),
        `${name}: ${state.problem.code}, ${state.problem.message}`,
      )
      t.type(state.nextAttemptAt, 'number', 'it is tried again')
      t.ok(state.problem.cause?.message, 'its words are kept')
    }
    const database = open(pooler)
    t.match(await database.connect(), { status: 'connected' })
    await t.resolves(database.knex.raw('select 1 as one'))
  })
}

t.test('its server goes away and comes back', { skip }, async (t) => {
  const pooler = await start()
  const early = open(pooler)
  await postgres.stop()
  t.match(await early.connect(), { status: 'unavailable' })
  await postgres.start()
  t.match(
    await until(early, ({ status }) => status === 'connected'),
    { status: 'connected' },
    'found at boot',
  )
  await postgres.stop()
  const state = await until(early, ({ status }) => status === 'reconnecting')
  t.match(state, { status: 'reconnecting' })
  t.not(state.problem?.code, 'query-failed')
  await postgres.start()
  t.match(
    await until(early, ({ status }) => status === 'connected'),
    { status: 'connected' },
    'found at run time',
  )
  await t.resolves(early.knex.raw('select 1 as one'))
})

t.test('it is restarted itself', { skip }, async (t) => {
  const pooler = await start()
  const database = open(pooler)
  await database.connect()
  await pooler.stop()
  t.match(await until(database, ({ status }) => status === 'reconnecting'), { status: 'reconnecting' })
  await pooler.start()
  t.match(await until(database, ({ status }) => status === 'connected'), { status: 'connected' })
})

t.test('it takes no more clients for a while', { skip }, async (t) => {
  const pooler = await start({ settings: ['max_client_conn = 4'] })
  const late = open(pooler)
  const others = Array.from(
    { length: 4 },
    () => new pg.Client(`postgres://app:s3cret@127.0.0.1:${pooler.port}/todo`),
  )
  await Promise.all(others.map((each) => each.connect()))
  const state = await late.connect()
  t.match(state, { status: 'unavailable', problem: { code: 'too-many-connections' } })
  await Promise.all(others.map((each) => each.end()))
  t.match(await until(late, ({ status }) => status === 'connected'), { status: 'connected' })
})

t.test('all its server connections are in use for a while', { skip }, async (t) => {
  const pooler = await start({ settings: ['pool_mode = transaction', 'default_pool_size = 1'] })
  const [holder, late] = [open(pooler), open(pooler)]
  await holder.connect()
  const trx = await holder.knex.transaction()
  await trx.raw('select 1')
  const state = await late.connect()
  t.match(state, { status: 'unavailable', problem: { code: 'too-many-connections' } })
  await trx.rollback()
  t.match(await until(late, ({ status }) => status === 'connected'), { status: 'connected' })
})
