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

/** Waits, in real time, for what the disk has to say. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
}

/** Waits until a good answer came in an outage, and the next question is due in 20 ms. */
async function untilGood({ time }: Watched): Promise<void> {
  await until(() => time.left().includes(20))
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
    await database.check()
    t.same(time.left(), [waitMs])
    setThere(false)
    await time.pass(waitMs - 1)
    t.equal(database.state.status, 'connected', 'not sooner')
    await time.pass(1)
    await reach(database, 'reconnecting')
    t.match(database.state, { problem: { code: 'sqlite-cannot-open' } })
  })
}

t.test('an outage is told once, refuses everybody, and is looked at again at growing times', async (t) => {
  const watched = await watch(t)
  const { time, database, setThere } = watched
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
    if (attempt === 5) break
    await time.pass(waitMs)
    await until(() => database.state.status === 'reconnecting' && database.state.attempt > attempt)
  }
  setThere(true)
  await time.pass(500)
  await untilGood(watched)
  t.equal(database.state.status, 'reconnecting', 'one good answer does not end it')
  await time.pass(20)
  await untilGood(watched)
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
  const watched = await watch(t)
  const { time, database, setThere } = watched
  setThere(false)
  await database.check()
  setThere(true)
  await time.pass(100)
  await untilGood(watched)
  setThere(false)
  await time.pass(20)
  await until(() => database.state.status === 'reconnecting' && database.state.attempt === 2)
})

t.test('an answer that comes after the close changes nothing, and nothing waits', async (t) => {
  for (const { name, prepare } of [
    { name: 'connected', prepare: async () => {} },
    {
      name: 'reconnecting',
      prepare: async (watched: Watched) => {
        watched.setThere(false)
        await watched.database.check()
        watched.setThere(true)
        await watched.time.pass(100)
        await untilGood(watched)
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
        while (database.state.status !== 'closed') {
          await turn()
          if (time.left().includes(20)) await time.pass(20)
        }
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
