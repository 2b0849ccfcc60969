import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import { openPool as openMysql } from 'failsoft/mysql2'
import { openPool as openPg } from 'failsoft/pg'
import t, { type Test } from 'tap'
import { awakeNow } from '../../awake.js'
import { change } from '../../engine/server/open-engine.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPartition } from '../../servers/partition.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy } from '../../servers/proxy.js'

t.setTimeout(300_000)

/** What is promised from the first packet that comes through again on. */
const mostMs = 1000

interface Face {
  readonly state: { readonly status: string }
  ask(): Promise<unknown>
  close(): Promise<void>
}

type Open = (url: string) => Face

const options = { log: () => {} }
const viaKnex: Open = (url) => {
  const database = openDatabase({ ...options, url, strategy: 'never' })
  return {
    get state() {
      return database.state
    },
    ask: async () => (await database.ready()).raw('select 1'),
    close: () => database.close({ timeoutMs: 500 }),
  }
}
const viaPool =
  (openPool: typeof openPg | typeof openMysql): Open =>
  (url) => {
    const database = openPool({ ...options, url })
    return {
      get state() {
        return database.state
      },
      ask: () => (database.pool as { query(sql: string): Promise<unknown> }).query('select 1'),
      close: () => database.close({ timeoutMs: 500 }),
    }
  }

/** Fifty ask without a pause while the server cannot be heard, and after it. */
async function recovers(
  t: Test,
  open: Open,
  url: string,
  awayMs: number,
  net: { lose(): void; heal(): void },
): Promise<void> {
  const database = open(url)
  await database.ask()
  const seen: { servedAt?: number } = {}
  let healedAt = Infinity
  const ending = new AbortController()
  const askers = Array.from({ length: 50 }, async () => {
    while (!ending.signal.aborted) {
      const begunAt = awakeNow()
      const isServed = await database.ask().then(
        () => true,
        () => false,
      )
      if (isServed && begunAt > healedAt) seen.servedAt ??= awakeNow()
      await sleep(10)
    }
  })
  net.lose()
  while (database.state.status !== 'reconnecting') await sleep(20)
  await sleep(awayMs)
  healedAt = awakeNow()
  const healedWall = performance.now()
  net.heal()
  while (seen.servedAt === undefined) await sleep(5)
  ending.abort()
  await Promise.all(askers)
  const tookMs = Math.round(seen.servedAt - healedAt)
  t.comment(`${Math.round(performance.now() - healedWall)} ms on the wall`)
  t.comment(`served ${tookMs} ms after it was heard again`)
  t.ok(tookMs < mostMs, `served after ${tookMs} ms`)
  await database.close()
}

async function cases(
  t: Test,
  server: { url: string; port: number },
  socket: string,
  index: number,
  faces: Readonly<Record<string, Open>>,
): Promise<void> {
  const proxy = await startProxy(server.port)
  t.teardown(() => proxy.close())
  const partition = await startPartition(socket, index)
  if ('remove' in partition) t.teardown(() => partition.remove())
  for (const [name, open] of Object.entries(faces)) {
    await t.test(`${name}: silence`, (t) =>
      recovers(t, open, change(server.url, { port: proxy.port }), 1300, {
        lose: proxy.stall,
        heal: proxy.resume,
      }),
    )
    const title = `${name}: a partition`
    if ('skip' in partition) await t.test(title, { skip: partition.skip }, () => {})
    else await t.test(title, (t) => recovers(t, open, change(server.url, partition), 4700, partition))
  }
}

void t.test('PostgreSQL', async (t) => {
  const server = await startPostgres({ flags: ['-c', 'unix_socket_directories=/tmp'] })
  t.teardown(() => server.remove())
  await cases(t, server, `/tmp/.s.PGSQL.${server.port}`, process.pid % 100, {
    knex: viaKnex,
    pg: viaPool(openPg),
  })
})

void t.test('MariaDB', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(() => server.remove())
  await cases(t, server, server.socket, 100 + (process.pid % 100), {
    knex: viaKnex,
    mysql2: viaPool(openMysql),
  })
})
