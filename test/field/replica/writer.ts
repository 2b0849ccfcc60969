import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqliteDriver } from 'failsoft'
import { openDatabase } from 'failsoft/knex'
import type { Restored, Said } from './said.js'

// Writes numbered rows, as fast as it is told, and says so once each is committed: who listens outlives this process and its disk.
const [
  filename = '',
  replica = '',
  driver = '',
  perSecond = '300',
  bytes = '100',
  seedMegabytes = '0',
  churnEvery = '0',
] = process.argv.slice(2)
/** Waits where whoever listens is slow: a row that was not said was not acknowledged. */
function say(said: Said): void {
  let rest = Buffer.from(`${JSON.stringify(said)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const env = {
  DATABASE_URL: `sqlite:${filename}`,
  SQLITE_REPLICA: replica,
  // Those of each bucket of the tests.
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'a secret',
}
const database = openDatabase({
  env,
  sqliteDriver: driver as SqliteDriver,
  log: ({ level, message }) => (level === 'info' ? undefined : say({ log: message })),
  async prepare(knex) {
    if (await knex.schema.hasTable('rows')) return
    await knex.transaction(async (trx) => {
      await trx.raw('create table rows (n integer primary key, body text)')
      await trx.raw('create table if not exists migrations (n integer)')
      await trx.raw('create table filler (body blob)')
      for (let count = 0; count < Number(seedMegabytes); count++) {
        await trx.raw('insert into filler values (randomblob(1000000))')
      }
      await trx.raw('insert into migrations values (1)')
    })
  },
})
process.on('SIGTERM', () => {
  void database.close().then(() => {
    say({ closed: database.state.status })
    process.exit(0)
  })
})
let state = await database.connect()
while (state.status !== 'connected') {
  say({ waits: state })
  await sleep(100)
  state = await database.connect()
}
const { knex } = database
async function ask<Row>(sql: string): Promise<Row> {
  const rows: unknown = await knex.raw(sql)
  return (rows as [Row])[0]
}
const counts =
  'count(*) as count, coalesce(max(n), 0) as last, (select count(*) from migrations) as migrations'
const found = await ask<Omit<Restored, 'integrity'>>(`select ${counts} from rows`)
const { integrity_check: integrity } = await ask<{ readonly integrity_check: string }>(
  'pragma integrity_check',
)
say({ restored: { ...found, integrity } })
/** Writes over one of the megabytes: the log grows, and the file does not. */
async function churn(count: number): Promise<void> {
  await knex.raw(
    'update filler set body = randomblob(1000000) where rowid = 1 + ? % (select count(*) from filler)',
    [count],
  )
}
const tell = setInterval(() => {
  const { status, replica: copy, readOnly } = database.state as Extract<typeof state, { status: 'connected' }>
  if (copy) say({ copy: { ...copy, readOnly, status } })
}, 50)
const body = 'x'.repeat(Number(bytes))
const started = performance.now()
for (let n = found.last + 1; ; n++) {
  const dueMs = ((n - found.last) * 1000) / Number(perSecond) - (performance.now() - started)
  if (dueMs > 1) await sleep(dueMs)
  try {
    const asked = performance.now()
    await knex('rows').insert({ n, body })
    if (n % Number(churnEvery) === 0) await churn(n / Number(churnEvery))
    say({ row: n, at: Date.now(), tookMs: performance.now() - asked })
  } catch (error) {
    say({ refused: (error as { code: string }).code })
    if (database.state.status === 'closing' || database.state.status === 'closed') break
    n--
    await sleep(50)
  }
}
clearInterval(tell)
