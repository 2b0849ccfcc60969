import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { openDatabase, type Database } from 'failsoft/knex'
import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy, type Proxy } from '../../servers/proxy.js'

const rounds = 100
const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

/** Writers that never pause, each in a way of its own; what was acknowledged is kept. */
class Writers {
  readonly acknowledged = new Set<number>()
  readonly codes = new Map<string, number>()
  readonly #work: Promise<void>[]
  #isOn = true
  #last = 0

  constructor(database: Database) {
    const ways: ((n: number) => PromiseLike<unknown>)[] = [
      (n) => database.knex('switches').insert({ n }),
      (n) => database.transaction((trx) => trx('switches').insert({ n })),
      (n) => database.knex.transaction((trx) => trx('switches').insert({ n })),
      async (n) => {
        const pin = await database.pin()
        await Promise.resolve(pin.knex('switches').insert({ n })).finally(() => pin.release())
      },
    ]
    this.#work = ways.map((way) => this.#write(way))
  }

  async stop(): Promise<void> {
    this.#isOn = false
    await Promise.all(this.#work)
  }

  async #write(way: (n: number) => PromiseLike<unknown>): Promise<void> {
    while (this.#isOn) {
      const n = ++this.#last
      try {
        await way(n)
        this.acknowledged.add(n)
      } catch (error) {
        const code = String((error as { code?: unknown }).code)
        this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
      }
      await sleep(0)
    }
  }
}

async function prepare(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable('switches')))
    await knex.schema.createTable('switches', (table) => table.integer('n'))
}

/** What the file of a stand-in holds once its program has ended. */
async function readFile(filename: string): Promise<number[]> {
  const opened = openSqlite({ filename, params: {} }, { role: 'primary', filesystem: 'local' })
  if (!opened.ok) throw new Error(opened.problem.message)
  const rows = await opened.knex('switches').pluck<number[]>('n')
  await opened.knex.destroy()
  return rows
}

interface Round {
  readonly proxy: Proxy
  readonly url: string
  readonly admin: Knex
  readonly codes: Map<string, number>
}

/** One life that begins on a stand-in, and whose primary comes back under load. Returns how it ended. */
async function playRound(t: Test, { proxy, url, admin, codes }: Round, byHand: boolean): Promise<string> {
  await admin('switches').del()
  proxy.refuse(true)
  const cwd = t.testdir()
  const returnToPrimary = byHand ? 'manual' : 'when-clean'
  const database = openDatabase({
    url,
    env: {},
    strategy: 'always',
    cwd,
    log: () => {},
    prepare,
    returnToPrimary,
  })
  const state = await database.connect()
  if (state.status !== 'fallback') throw new Error(state.status)
  proxy.refuse(false)
  // The first write and the return race for the stand-in.
  const hurrying = byHand ? database.returnToPrimary() : database.connect()
  await sleep(Math.random() * (byHand ? 20 : 250))
  const writers = new Writers(database)
  await hurrying
  await sleep(60)
  await writers.stop()
  const { status } = database.state
  await database.close()
  const file = await readFile(join(cwd, 'data', 'failsoft.db'))
  const found = new Set([...file, ...(await admin('switches').pluck<number[]>('n'))])
  const lost = [...writers.acknowledged].filter((n) => !found.has(n))
  if (lost.length > 0) t.fail(`${lost.length} of ${writers.acknowledged.size} acknowledged writes are lost`)
  if (!byHand && status === 'connected' && file.length > 0) t.fail(`${file.length} rows were left behind`)
  for (const [code, count] of writers.codes) codes.set(code, (codes.get(code) ?? 0) + count)
  return status
}

for (const { name, scheme, server } of [
  { name: 'PostgreSQL', scheme: 'postgres', server: postgres },
  { name: 'MariaDB', scheme: 'mysql', server: mariadb },
]) {
  if ('skip' in server) {
    t.test(name, { skip: server.skip }, () => {})
    continue
  }
  for (const byHand of [false, true]) {
    t.test(
      `${name}: ${rounds} returns ${byHand ? 'by hand' : 'by itself'} under load lose nothing`,
      async (t) => {
        const proxy = await startProxy(server.port)
        t.teardown(() => proxy.close())
        const admin = openDatabase({ url: server.url, log: () => {}, prepare })
        t.teardown(() => admin.close())
        const { user, password, database } = server
        const url = `${scheme}://${user}:${password}@127.0.0.1:${proxy.port}/${database}`
        const round = { proxy, url, admin: await admin.ready(), codes: new Map<string, number>() }
        const ends = new Map<string, number>()
        for (let n = 0; n < rounds; n++) {
          const end = await playRound(t, round, byHand)
          ends.set(end, (ends.get(end) ?? 0) + 1)
        }
        t.comment(`ended: ${JSON.stringify([...ends])}`)
        t.strictSame([...round.codes], [], 'nobody was refused')
        t.ok(ends.get('connected'), 'some have switched')
      },
    )
  }
}
