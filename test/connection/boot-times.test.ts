import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { fakeTime, turn } from './fake-time.js'

/** A database whose engine is there at once, unless the options say otherwise. */
function open(t: Test, options: OpenOptions): Database {
  const env = { DATABASE_URL: 'sqlite::memory:' }
  const database = openDatabase({ env, cwd: t.testdir(), log: () => {}, ...options })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  return database
}

/** What `prepare` waits for, and how to end that. */
function slowWork(): { work: Promise<void>; end: () => void } {
  let end!: () => void
  const work = new Promise<void>((resolve) => (end = resolve))
  return { work, end }
}

/** Waits, in real time, for what is not a matter of timers. */
async function whileIn(database: Database, status: Database['state']['status']): Promise<void> {
  while (database.state.status === status) await turn()
}

const fail = async (): Promise<void> => {
  throw new Error('no')
}

t.test('attempts come at growing times, which the state tells, until one succeeds', async (t) => {
  const time = fakeTime(t)
  let failures = 0
  const database = open(t, { prepare: async () => void (failures++ < 6 && (await fail())) })
  const seen: unknown[] = []
  database.onStateChange(({ reason }) => seen.push([database.state, reason]))
  void database.connect()
  for (const [index, waitMs] of [500, 1000, 2000, 4000, 5000, 5000].entries()) {
    const attempt = index + 1
    await whileIn(database, 'connecting')
    const known = attempt === 1 ? {} : { lastProblem: { code: 'migration-failed' } }
    t.match(seen.splice(0), [
      [{ status: 'connecting', attempt, target: 'sqlite::memory:', ...known }, undefined],
      [{ status: 'unavailable', attempt, nextAttemptAt: time.now + waitMs }, 'migration-failed'],
    ])
    await time.pass(waitMs - 1)
    t.same(seen, [], 'not sooner')
    await time.pass(1)
  }
  await whileIn(database, 'connecting')
  t.match(seen, [
    [{ status: 'connecting', attempt: 7 }, undefined],
    [{ status: 'connected' }, undefined],
  ])
})

t.test('no attempt follows the end', async (t) => {
  const time = fakeTime(t)
  const database = open(t, { prepare: fail })
  await database.connect()
  t.match(database.state, { status: 'unavailable', attempt: 1 })
  await database.close()
  t.same(time.left(), [])
})

t.test('where trying again cannot help, nothing waits', async (t) => {
  const time = fakeTime(t)
  const database = open(t, { env: {}, strategy: 'never' })
  void database.connect()
  t.notOk('lastProblem' in database.state)
  await whileIn(database, 'connecting')
  t.match(database.state, { status: 'unavailable', nextAttemptAt: null })
  await time.pass(60_000)
  t.match(database.state, { status: 'unavailable', attempt: 1 })
})

for (const { bootDeadlineMs, want } of [
  { bootDeadlineMs: undefined, want: 10_000 },
  { bootDeadlineMs: 700, want: 700 },
]) {
  t.test(`an attempt is waited for until its deadline of ${want} ms, and goes on`, async (t) => {
    const time = fakeTime(t)
    const { work, end } = slowWork()
    const options = bootDeadlineMs === undefined ? {} : { bootDeadlineMs }
    const database = open(t, { ...options, prepare: () => work })
    let isOver = false
    const waiting = database.connect().then(() => (isOver = true))
    await time.pass(want - 1)
    t.notOk(isOver)
    await time.pass(1)
    await waiting
    t.equal(database.state.status, 'connecting')
    end()
    await whileIn(database, 'connecting')
    t.equal(database.state.status, 'connected')
  })
}

t.test('the end waits for the attempt as long as was said, and nothing arrives after it', async (t) => {
  const time = fakeTime(t)
  const { work, end } = slowWork()
  const database = open(t, { prepare: () => work })
  void database.connect()
  const changes: string[] = []
  database.onStateChange(({ to }) => changes.push(to))
  let isOver = false
  const closing = database.close({ timeoutMs: 300 }).then(() => (isOver = true))
  await time.pass(299)
  t.notOk(isOver)
  await time.pass(1)
  await closing
  end()
  for (let turns = 0; turns < 10; turns++) await turn()
  t.same(changes, ['closing', 'closed'])
})

t.test('what was found out on the way is part of the decision', async (t) => {
  const database = open(t, { env: {}, strategy: 'always' })
  await database.connect()
  t.match(database.config.trace.at(-1), {
    subject: join(t.testdirName, 'data', 'failsoft.db'),
    outcome: 'taken',
    why: 'it was opened and takes writes',
  })
})

for (const { bootDeadlineMs, want } of [
  { bootDeadlineMs: 10_000, want: 9500 },
  { bootDeadlineMs: 2500, want: 2000 },
  { bootDeadlineMs: 1000, want: 800 },
]) {
  t.test(`of ${bootDeadlineMs} ms a server has ${want}, and the fallback the rest`, async (t) => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.teardown(() => silent.close())
    const { port } = silent.address() as AddressInfo
    const time = fakeTime(t)
    const env = { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/d` }
    const database = open(t, { env, strategy: 'never', bootDeadlineMs, connectTimeoutMs: 60_000 })
    void database.connect()
    const started = time.now
    // Of sockets this time knows nothing: they get some turns of the real one.
    for (let turns = 0; turns < 200; turns++) await turn()
    while (database.state.status === 'connecting') await time.pass(50)
    const tookMs = time.now - started
    t.ok(tookMs > 0.9 * want && tookMs <= want + 50, `${tookMs} ms`)
    t.match(database.state, { status: 'unavailable', problem: { code: 'connect-timeout' } })
  })
}

t.test('a decision is made once', async (t) => {
  const database = open(t, { env: {}, strategy: 'never' })
  const { config } = database
  await database.connect()
  t.equal(database.config, config)
})
