import t, { type Test } from 'tap'
import type { Knex } from 'knex'
import { openDatabase, type Database, type LogEvent } from 'failsoft/knex'
import { freePort } from '../servers/free-port.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { turn } from './fake-time.js'

interface Server {
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  stop(): Promise<void>
  start(): Promise<void>
}

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

/** The product promises a second after the first good answer; a busy machine gets more. */
const promisedMs = 1000
const roomMs = 1500

async function prepare(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable('returns')))
    await knex.schema.createTable('returns', (table) => table.integer('n'))
}

async function fallBack(t: Test, url: string): Promise<{ database: Database; events: LogEvent[] }> {
  const events: LogEvent[] = []
  const log = (event: LogEvent): void => void events.push(event)
  const database = openDatabase({ url, env: {}, strategy: 'always', cwd: t.testdir(), log, prepare })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  t.match(await database.connect(), { status: 'fallback', standIn: { clean: true } })
  return { database, events }
}

const isReachable = ({ state }: Database): boolean =>
  state.status !== 'fallback' || state.primary?.reachable === true

for (const { name, scheme, server, hosts } of [
  { name: 'PostgreSQL', scheme: 'postgres', server: postgres, hosts: (port: number) => `127.0.0.1:${port}` },
  { name: 'MariaDB', scheme: 'mysql', server: mariadb, hosts: (port: number) => `127.0.0.1:${port}` },
  {
    name: 'a cluster',
    scheme: 'postgres',
    server: postgres,
    hosts: (port: number, other: number) => `127.0.0.1:${other},127.0.0.1:${port}`,
  },
] as readonly {
  name: string
  scheme: string
  server: Server | { readonly skip: string }
  hosts: (port: number, other: number) => string
}[]) {
  if ('skip' in server) {
    t.test(name, { skip: server.skip }, () => {})
    continue
  }
  const urlOf = async (): Promise<string> => {
    const { user, password, port, database } = server
    return `${scheme}://${user}:${password}@${hosts(port, await freePort())}/${database}`
  }

  t.test(`${name}: while nothing was written, the program returns by itself`, async (t) => {
    await server.stop()
    const { database, events } = await fallBack(t, await urlOf())
    const pin = await database.pin()
    await server.start()
    while (!isReachable(database)) await turn()
    t.equal(database.state.status, 'fallback', 'who holds the stand-in is waited for')
    pin.release()
    const started = performance.now()
    while (database.state.status !== 'connected') await turn()
    const tookMs = performance.now() - started
    t.ok(tookMs < promisedMs + roomMs, `${Math.round(tookMs)} ms`)
    t.match(events.at(-1), { event: 'state', message: /from fallback to connected/ })
    t.match(await database.knex('returns'), [], 'it was prepared')
  })

  t.test(`${name}: once something was written, it does not, and says so`, async (t) => {
    await server.stop()
    const { database } = await fallBack(t, await urlOf())
    await database.knex('returns').insert({ n: 1 })
    await server.start()
    while (!isReachable(database)) await turn()
    for (let times = 0; times < 2; times++) await database.connect()
    t.match(database.state, {
      status: 'fallback',
      primary: { reachable: true },
      standIn: { clean: false, tables: 1 },
    })
    t.match(await database.returnToPrimary(), { status: 'connected' })
  })
}
