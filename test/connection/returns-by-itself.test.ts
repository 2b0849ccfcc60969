import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Knex } from 'knex'
import { openDatabase, type Database, type LogEvent } from 'failsoft/knex'
import { refusedPort } from '../servers/refused-port.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { startProxy } from '../servers/proxy.js'
import { awakeNow } from '../awake.js'

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

/** What the product promises, after the first good answer. */
const mostMs = 1000

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

/** Follows a database until it is connected. Returns how often it was asked with a good answer meanwhile. */
async function untilConnected(database: Database): Promise<number> {
  const answers = new Set<number>()
  while (database.state.status !== 'connected') {
    const { state } = database
    if (state.status === 'fallback' && state.primary?.reachable) answers.add(state.primary.checkedAt)
    await sleep(2)
  }
  return answers.size
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
  const urlOf = async (port = server.port): Promise<string> => {
    const { user, password, database } = server
    return `${scheme}://${user}:${password}@${hosts(port, refusedPort)}/${database}`
  }

  t.test(`${name}: while nothing was written, the program returns by itself`, async (t) => {
    const proxy = await startProxy(server.port)
    t.teardown(() => proxy.close())
    proxy.refuse(true)
    const { database, events } = await fallBack(t, await urlOf(proxy.port))
    proxy.refuse(false)
    const answers = await untilConnected(database)
    const tookMs = awakeNow() - (proxy.answeredAt ?? Infinity)
    t.comment(`connected ${Math.round(tookMs)} ms after the first word of the server`)
    t.ok(answers <= 1, 'by the first good answer')
    t.ok(tookMs < mostMs, `${Math.round(tookMs)} ms`)
    const ofKnex = events.filter(({ event }) => event === 'knex')
    t.match(ofKnex, [{ level: 'debug', message: /^Acquire connection error: .*$/ }])
    t.ok(
      ofKnex.every(({ level, message }) => level === 'debug' && !message.includes('\n')),
      'no stacks',
    )
    t.match(events.at(-1), { event: 'state', message: /from fallback to connected/ })
    t.match(await database.knex('returns'), [], 'it was prepared')
  })

  t.test(`${name}: who holds the stand-in is waited for, and no longer`, async (t) => {
    const proxy = await startProxy(server.port)
    t.teardown(() => proxy.close())
    proxy.refuse(true)
    const { database } = await fallBack(t, await urlOf(proxy.port))
    const pin = await database.pin()
    proxy.refuse(false)
    while (!isReachable(database)) await sleep(2)
    await sleep(300)
    t.equal(database.state.status, 'fallback')
    pin.release()
    const started = performance.now()
    t.ok((await untilConnected(database)) <= 2, 'it is not asked more than once for that')
    t.comment(`connected ${Math.round(performance.now() - started)} ms after it was let go`)
  })

  t.test(`${name}: once something was written, it does not, and says so`, async (t) => {
    await server.stop()
    const { database, events } = await fallBack(t, await urlOf())
    await database.knex('returns').insert({ n: 1 })
    await server.start()
    while (!isReachable(database)) await sleep(2)
    for (let times = 0; times < 2; times++) await database.connect()
    t.match(database.state, {
      status: 'fallback',
      primary: { reachable: true },
      standIn: { clean: false, tables: 1 },
    })
    t.match(
      events.filter(({ event }) => event === 'stand-in').map(({ message }) => message),
      [/^Something was written/, /answers again, and 1 table of the fallback holds rows/],
    )
    t.match(await database.returnToPrimary(), { status: 'connected' })
  })
}
