import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { resolveDatabaseConfig } from 'failsoft'
import { Boot, type Arrival } from '#lib/connection/boot.js'
import type { SettledOptions } from '#lib/connection/database.js'
import { StateMachine } from '#lib/connection/state-machine.js'
import { fakeTime, turn } from './fake-time.js'

interface Booted {
  readonly boot: Boot
  readonly machine: StateMachine
  readonly arrivals: Arrival[]
}

function bootOf(t: Test, options: Partial<SettledOptions>): Booted {
  const machine = new StateMachine()
  const arrivals: Arrival[] = []
  const env = { DATABASE_URL: 'sqlite::memory:' }
  const boot = new Boot({ env, cwd: t.testdir(), ...options }, machine, (arrival) => arrivals.push(arrival))
  t.teardown(() => {
    void boot.stop(0)
    for (const { engine } of arrivals) void engine.close()
  })
  return { boot, machine, arrivals }
}

/** What `prepare` waits for, and how to end that. */
function slowWork(): { work: Promise<void>; end: () => void } {
  let end!: () => void
  const work = new Promise<void>((resolve) => (end = resolve))
  return { work, end }
}

/** Waits for the attempt under way, in real time. */
async function settle(machine: StateMachine): Promise<void> {
  while (machine.isIn('connecting')) await turn()
}

t.test('attempts come at growing times, which the state tells, until one succeeds', async (t) => {
  const time = fakeTime(t)
  let failures = 0
  const { boot, machine, arrivals } = bootOf(t, {
    prepare: async () => {
      if (failures++ < 6) throw new Error('no')
    },
  })
  const seen: unknown[] = []
  machine.onChange(({ reason }) => seen.push([machine.state, reason]))
  boot.start()
  for (const [index, waitMs] of [500, 1000, 2000, 4000, 5000, 5000].entries()) {
    const attempt = index + 1
    await settle(machine)
    const known = attempt === 1 ? {} : { lastProblem: { code: 'migration-failed' } }
    t.match(seen.splice(0), [
      [{ status: 'connecting', attempt, target: 'sqlite::memory:', ...known }, undefined],
      [{ status: 'unavailable', attempt, nextAttemptAt: time.now + waitMs }, 'migration-failed'],
    ])
    await time.pass(waitMs - 1)
    t.same(seen, [], 'not sooner')
    await time.pass(1)
  }
  while (arrivals.length === 0) await turn()
  t.match(arrivals, [{ status: 'connected' }])
  t.match(seen, [[{ status: 'connecting', attempt: 7 }, undefined]])
})

t.test('no attempt follows the end', async (t) => {
  const time = fakeTime(t)
  const { boot, machine } = bootOf(t, {
    prepare: async () => {
      throw new Error('no')
    },
  })
  boot.start()
  await settle(machine)
  await boot.stop(1000)
  t.same(time.left(), [])
  await time.pass(60_000)
  t.match(machine.state, { status: 'unavailable', attempt: 1 })
})

t.test('whoever hears of a failed attempt may end it, and then no attempt follows', async (t) => {
  const time = fakeTime(t)
  const { boot, machine } = bootOf(t, {
    prepare: async () => {
      throw new Error('no')
    },
  })
  machine.onChange(({ to }) => {
    if (to !== 'unavailable') return
    machine.enter({ status: 'closing' })
    void boot.stop(1000)
  })
  boot.start()
  await settle(machine)
  await time.pass(60_000)
  t.equal(machine.state.status, 'closing')
})

t.test('where trying again cannot help, nothing waits', async (t) => {
  const time = fakeTime(t)
  const { boot, machine } = bootOf(t, { env: {}, strategy: 'never' })
  boot.start()
  t.notOk('lastProblem' in machine.state)
  await settle(machine)
  t.match(machine.state, { status: 'unavailable', nextAttemptAt: null })
  await time.pass(60_000)
  t.match(machine.state, { status: 'unavailable', attempt: 1 })
})

for (const { bootDeadlineMs, want } of [
  { bootDeadlineMs: undefined, want: 10_000 },
  { bootDeadlineMs: 700, want: 700 },
]) {
  t.test(`an attempt is waited for until its deadline of ${want} ms, and goes on`, async (t) => {
    const time = fakeTime(t)
    const options = bootDeadlineMs === undefined ? {} : { bootDeadlineMs }
    const { work, end } = slowWork()
    const { boot, machine, arrivals } = bootOf(t, { ...options, prepare: () => work })
    boot.start()
    let isOver = false
    const waiting = boot.wait().then(() => (isOver = true))
    await time.pass(want - 1)
    t.notOk(isOver)
    await time.pass(1)
    await waiting
    t.equal(machine.state.status, 'connecting')
    end()
    while (arrivals.length === 0) await turn()
  })
}

t.test('the end waits for the attempt as long as was said, and nothing arrives after it', async (t) => {
  const time = fakeTime(t)
  const { work, end } = slowWork()
  const { boot, machine, arrivals } = bootOf(t, { prepare: () => work })
  boot.start()
  machine.enter({ status: 'closing' })
  let isOver = false
  const stopping = boot.stop(300).then(() => (isOver = true))
  await time.pass(299)
  t.notOk(isOver)
  await time.pass(1)
  await stopping
  end()
  await boot.stop(1000)
  t.same(arrivals, [])
})

t.test('what was found out on the way is part of the decision', async (t) => {
  const { boot, machine, arrivals } = bootOf(t, { env: {}, strategy: 'always' })
  boot.start()
  while (machine.isIn('connecting') && arrivals.length === 0) await turn()
  t.match(boot.config.trace.at(-1), {
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
    const { boot, machine } = bootOf(t, { env, strategy: 'never', bootDeadlineMs })
    boot.start()
    while (time.left().length === 0) await turn()
    t.ok(time.left().includes(want))
    while (machine.isIn('connecting')) await time.pass(100)
    t.match(machine.state, { status: 'unavailable', problem: { code: 'connect-timeout' } })
  })
}

t.test('a decision is made once, and again where a password was refused', async (t) => {
  const refused = { code: 'auth-failed', message: '', hint: '' } as const
  const { boot, machine } = bootOf(t, { env: {}, strategy: 'never' })
  const { config } = boot
  t.equal(boot.config, config)
  boot.start(1, { ...refused, code: 'connection-refused' })
  t.match(machine.state, { attempt: 1, target: 'none', lastProblem: { code: 'connection-refused' } })
  t.equal(boot.config, config)
  await settle(machine)
  boot.start(2, refused)
  t.not(boot.config, config)
  const own = resolveDatabaseConfig({ env: {}, strategy: 'never' })
  t.equal(bootOf(t, { config: own }).boot.config, own)
})
