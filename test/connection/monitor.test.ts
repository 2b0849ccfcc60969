import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type Status } from 'failsoft/knex'
import { fakeTime, turn, type FakeTime } from './fake-time.js'

interface Watched {
  readonly time: FakeTime
  readonly database: Database
  /** Whether the file can be found: the outage of a database that is a file. */
  setThere(isThere: boolean): void
}

/** A database on a file, while time stands still. A driver that blocks answers within a turn of the event loop. */
async function watch(t: Test, parameters = ''): Promise<Watched> {
  const directory = join(t.testdir({ there: {} }), 'there')
  const file = join(directory, 'app.db')
  const options = { strategy: 'never', sqliteDriver: 'better-sqlite3', log: () => {} } as const
  if (parameters !== '') {
    await using made = openDatabase({ ...options, url: `sqlite:${file}` })
    await made.transaction((trx) => trx.schema.createTable('tasks', (table) => table.integer('n')))
  }
  const time = fakeTime(t)
  const database = openDatabase({ ...options, url: `sqlite:${file}${parameters}` })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  const connecting = database.connect()
  await reach(database, 'connected')
  await connecting
  const setThere = (isThere: boolean): void => {
    if (isThere) rmSync(directory, { recursive: true })
    renameSync(isThere ? `${directory}-away` : directory, isThere ? directory : `${directory}-away`)
    if (!isThere) mkdirSync(directory)
  }
  return { time, database, setThere }
}

async function reach(database: Database, status: Status): Promise<void> {
  while (database.state.status !== status) await turn()
}

/** Lets what the disk has to say come in. */
async function settle(): Promise<void> {
  const until = process.hrtime.bigint() + 30_000_000n
  while (process.hrtime.bigint() < until) await turn()
}

for (const { parameters, waitMs, readOnly } of [
  { parameters: '', waitMs: 5000, readOnly: false },
  { parameters: '?mode=ro', waitMs: 1000, readOnly: true },
]) {
  t.test(`a database that is ${readOnly ? 'read-only' : 'in use'} is asked every ${waitMs} ms`, async (t) => {
    const { time, database, setThere } = await watch(t, parameters)
    t.match(database.state, { readOnly })
    // The first question comes at the usual time; what it answers decides when the next one comes.
    await time.pass(5000)
    await settle()
    t.same(time.left(), [waitMs])
    setThere(false)
    await time.pass(waitMs - 1)
    await settle()
    t.equal(database.state.status, 'connected', 'not sooner')
    await time.pass(1)
    await reach(database, 'reconnecting')
    t.match(database.state, { problem: { code: 'sqlite-cannot-open' } })
  })
}

t.test('an outage is told once, refuses everybody, and is looked at again at growing times', async (t) => {
  const { time, database, setThere } = await watch(t)
  const changes: unknown[] = []
  database.onStateChange(({ from, to, reason }) => changes.push([from, to, reason]))
  setThere(false)
  await database.check()
  for (const [index, waitMs] of [100, 200, 400, 500, 500].entries()) {
    const attempt = index + 1
    t.match(database.state, { status: 'reconnecting', attempt, nextAttemptAt: time.now + waitMs })
    await t.rejects(database.ready(), { code: 'sqlite-cannot-open', retryAfterMs: waitMs })
    await t.rejects(Promise.resolve(database.knex.raw('select 1')), { name: 'DatabaseUnavailableError' })
    t.same(time.left(), [waitMs])
    if (attempt < 5) await time.pass(waitMs)
    await settle()
  }
  setThere(true)
  await time.pass(500)
  await settle()
  t.equal(database.state.status, 'reconnecting', 'one good answer does not end it')
  await time.pass(20)
  await settle()
  t.equal(database.state.status, 'reconnecting', 'nor do two')
  await time.pass(20)
  await reach(database, 'connected')
  t.match(database.state, { generation: 1, readOnly: false })
  t.same(changes, [
    ['connected', 'reconnecting', 'sqlite-cannot-open'],
    ['reconnecting', 'connected', undefined],
  ])
  t.same(time.left(), [5000], 'and it is watched again')
  await database.knex.raw('select 1')
})

t.test('a bad answer between good ones begins anew', async (t) => {
  const { time, database, setThere } = await watch(t)
  setThere(false)
  await database.check()
  setThere(true)
  await time.pass(100)
  await settle()
  setThere(false)
  await time.pass(20)
  await settle()
  t.match(database.state, { status: 'reconnecting', attempt: 2 })
})

t.test('an answer that comes after the close changes nothing, and nothing waits', async (t) => {
  for (const { name, prepare } of [
    { name: 'connected', prepare: async () => {} },
    {
      name: 'reconnecting',
      prepare: async ({ database, time, setThere }: Watched) => {
        setThere(false)
        await database.check()
        setThere(true)
        await time.pass(100)
        await settle()
      },
    },
  ]) {
    await t.test(name, async (t) => {
      const watched = await watch(t)
      const { database, time } = watched
      await prepare(watched)
      t.equal(database.state.status, name)
      const changes: string[] = []
      database.onStateChange(({ to }) => changes.push(to))
      const checking = database.check()
      const closing = database.close()
      await time.pass(20)
      await Promise.all([checking, closing])
      await time.pass(60_000)
      await settle()
      t.same(changes, ['closing', 'closed'])
      t.same(time.left(), [])
    })
  }
})

t.test(
  'whoever hears of an outage, or of its end, may close the database, and then nothing waits',
  async (t) => {
    for (const status of ['reconnecting', 'connected'] as const) {
      await t.test(status, async (t) => {
        const { time, database, setThere } = await watch(t)
        database.onStateChange(({ to }) => void (to === status && database.close()))
        setThere(false)
        await database.check()
        setThere(true)
        await time.pass(100)
        for (let round = 0; round < 3; round++) {
          await settle()
          await time.pass(20)
        }
        await reach(database, 'closed')
        t.same(time.left(), [])
      })
    }
  },
)

t.test('checks at the same time share one answer', async (t) => {
  const { database } = await watch(t)
  const queries: string[] = []
  database.knex.on('query', ({ sql }: { sql: string }) => queries.push(sql))
  const reports = await Promise.all([database.check(), database.check({ timeoutMs: 300 })])
  t.match(reports, [{ status: 'pass' }, { status: 'pass' }])
})
