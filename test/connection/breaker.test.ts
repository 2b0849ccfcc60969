import t from 'tap'
import { Breaker } from '#lib/connection/breaker.js'
import { DatabaseUnavailableError } from '#lib/connection/database-unavailable-error.js'
import { StateMachine } from '#lib/connection/state-machine.js'
import { fakeTime, turn, type FakeTime } from './fake-time.js'
import { away, bad, good, info, scriptedEngine, type Answer, type ScriptedEngine } from './scripted-engine.js'

function watch(
  failures: unknown[] = [],
  hostNumber?: number,
): ScriptedEngine & { machine: StateMachine; breaker: Breaker } {
  const script = scriptedEngine()
  if (hostNumber !== undefined) script.move(hostNumber)
  const machine = new StateMachine()
  machine.enter({ status: 'connecting', attempt: 1, target: info.target })
  machine.enter({ status: 'connected', engine: info, readOnly: false })
  const breaker = new Breaker(
    machine,
    script.engine,
    (readOnly) => ({ status: 'connected', engine: info, readOnly }),
    (problem) => failures.push(problem),
  )
  t.teardown(() => breaker.stop())
  return { ...script, machine, breaker }
}

t.test('trouble during a probe is followed by another probe', async (t) => {
  const { trouble, answers, machine } = watch()
  trouble()
  trouble()
  t.equal(answers.length, 1, 'one at a time')
  answers[0]?.(good)
  await turn()
  t.equal(answers.length, 2)
  answers[1]?.(bad)
  await turn()
  t.match(machine.state, { status: 'reconnecting', problem: away, attempt: 1 })
})

t.test('an answer that comes after the end is dropped', async (t) => {
  const { trouble, answers, machine, breaker, gates } = watch()
  trouble()
  breaker.stop()
  answers[0]?.(bad)
  await turn()
  t.equal(machine.state.status, 'connected')
  t.same(gates, [])
  await breaker.verify()
  t.equal(answers.length, 1, 'and nothing more is asked')
})

t.test('an answer that comes after the close of a reconnecting database is dropped', async (t) => {
  const time = fakeTime(t)
  const { trouble, answers, machine } = watch()
  trouble()
  answers[0]?.(bad)
  await turn()
  await time.pass(100)
  machine.enter({ status: 'closing' })
  answers[1]?.(bad)
  await turn()
  t.equal(machine.state.status, 'closing')
  t.same(time.left(), [])
})

t.test('a full pool and a busy file are no outage', async (t) => {
  const { trouble, answers, done } = watch()
  trouble('pool-exhausted')
  trouble('sqlite-busy')
  t.equal(answers.length, 0)
  t.same(done, [])
})

/** Answers the last probe, and lets the breaker draw its conclusion. */
async function answerLast({ answers }: ScriptedEngine, answer: Answer): Promise<void> {
  answers.at(-1)?.(answer)
  await turn()
}

/** Answers well until the outage is over. */
async function comeBack(script: ScriptedEngine, time: FakeTime, last: Answer = good): Promise<void> {
  await answerLast(script, good)
  await time.pass(20)
  await answerLast(script, good)
  await time.pass(20)
  await answerLast(script, last)
}

t.test('a heartbeat is sooner while nothing can be written', async (t) => {
  const time = fakeTime(t)
  const watched = watch()
  for (const { waitMs, readOnly } of [
    { waitMs: 5000, readOnly: true },
    { waitMs: 1000, readOnly: true },
    { waitMs: 1000, readOnly: false },
    { waitMs: 5000, readOnly: false },
  ]) {
    t.same(time.left(), [waitMs])
    await time.pass(waitMs)
    t.same(watched.probes.at(-1), { timeoutMs: 5000, write: true })
    await answerLast(watched, { ...good, readOnly })
    t.match(watched.machine.state, { status: 'connected', readOnly })
  }
  t.equal(watched.answers.length, 4)
})

t.test('one check at a time, each with its own patience', async (t) => {
  fakeTime(t)
  const watched = watch()
  let isOver = false
  const both = Promise.all([watched.breaker.verify(300), watched.breaker.verify(400)])
  void both.then(() => (isOver = true))
  t.same(watched.probes, [{ timeoutMs: 300, write: true }])
  await turn()
  t.notOk(isOver, 'the answer is waited for')
  await answerLast(watched, good)
  await both
  void watched.breaker.verify(400)
  t.same(watched.probes.at(-1), { timeoutMs: 400, write: true })
})

t.test('an outage is told once, shuts the gate, and is tried again at growing times', async (t) => {
  const time = fakeTime(t)
  const failures: unknown[] = []
  const watched = watch(failures)
  const { machine, gates, done } = watched
  const changes: unknown[] = []
  machine.onChange(({ from, to, reason }) => changes.push([from, to, reason]))
  watched.trouble()
  t.same(done, ['suspect'])
  await answerLast(watched, bad)
  t.same(done, ['suspect', 'drop'])
  const refusal = gates[0]?.()
  t.ok(refusal instanceof DatabaseUnavailableError)
  t.match(refusal, { code: away.code, retryAfterMs: 100, state: machine.state })
  for (const [index, waitMs] of [100, 200, 400, 500, 500].entries()) {
    const attempt = index + 1
    t.match(machine.state, { status: 'reconnecting', attempt, nextAttemptAt: time.now + waitMs })
    t.same(time.left(), [waitMs])
    await time.pass(waitMs)
    t.same(watched.probes.at(-1), { timeoutMs: 5000, write: true })
    if (attempt < 5) await answerLast(watched, bad)
    t.equal(failures.length, Math.min(attempt, 4), 'each failed attempt is told')
  }
  await comeBack(watched, time, { ...good, readOnly: true })
  t.match(machine.state, { status: 'connected', readOnly: true, generation: 0 })
  t.same(new Set(watched.probes.map((probe) => JSON.stringify(probe))).size, 1, 'each asks for the same')
  t.same(gates.length, 2)
  t.same(changes, [
    ['connected', 'reconnecting', away.code],
    ['reconnecting', 'connected', undefined],
  ])
  t.same(time.left(), [1000], 'and it is watched again')
})

t.test('several good probes in a row end an outage, and a bad one between them does not', async (t) => {
  const time = fakeTime(t)
  const watched = watch()
  watched.trouble()
  await answerLast(watched, bad)
  await time.pass(100)
  await answerLast(watched, good)
  await time.pass(20)
  await answerLast(watched, bad)
  t.match(watched.machine.state, { status: 'reconnecting', attempt: 2 })
  await time.pass(200)
  await answerLast(watched, good)
  await time.pass(20)
  await answerLast(watched, good)
  t.equal(watched.machine.state.status, 'reconnecting')
  await time.pass(20)
  await answerLast(watched, good)
  t.equal(watched.machine.state.status, 'connected')
  t.same(watched.gates.map(Boolean), [true, false], 'the gate was shut, and is open')
  t.equal(watched.answers.length, 6)
})

t.test('the end of an outage is not waited for any longer once it is closed', async (t) => {
  const time = fakeTime(t)
  const watched = watch()
  watched.trouble()
  await answerLast(watched, bad)
  await time.pass(100)
  await answerLast(watched, good)
  t.same(time.left(), [20])
  watched.breaker.stop()
  await time.pass(20)
  await answerLast(watched, good)
  t.equal(watched.answers.length, 3)
  t.equal(watched.machine.state.status, 'reconnecting')
  t.same(time.left(), [], 'nothing waits')
})

t.test('nothing waits once it is stopped', async (t) => {
  const time = fakeTime(t)
  const healthy = watch()
  healthy.breaker.stop()
  t.same(time.left(), [])
  const failing = watch()
  failing.trouble()
  await answerLast(failing, bad)
  failing.breaker.stop()
  t.same(time.left(), [])
})

t.test('who holds on to a host that another took over from is told, and nobody is refused', async (t) => {
  const time = fakeTime(t)
  const watched = watch()
  const changes: unknown[] = []
  const { machine, gates } = watched
  machine.onChange(({ from, to, reason }) => {
    const { state } = machine
    changes.push([from, to, reason, state.status === 'reconnecting' && [state.attempt, state.nextAttemptAt]])
  })
  watched.trouble()
  watched.move(2)
  await answerLast(watched, { ...good, readOnly: true })
  t.same(changes, [
    ['connected', 'reconnecting', away.code, [1, time.now]],
    ['reconnecting', 'connected', undefined, false],
  ])
  t.match(machine.state, { status: 'connected', readOnly: true, generation: 1 })
  t.same(gates, [undefined])
  t.same(time.left(), [1000])
  watched.trouble()
  await answerLast(watched, good)
  t.equal(changes.length, 2, 'it is followed once')
})

t.test('an outage that ends on another host begins a generation', async (t) => {
  const time = fakeTime(t)
  const watched = watch()
  watched.trouble()
  await answerLast(watched, bad)
  await time.pass(100)
  watched.move(2)
  await comeBack(watched, time)
  t.match(watched.machine.state, { status: 'connected', generation: 1 })
})

t.test('a cluster that stays on the host it was on has not moved', async (t) => {
  const time = fakeTime(t)
  const watched = watch([], 1)
  await time.pass(5000)
  await answerLast(watched, good)
  t.match(watched.machine.state, { status: 'connected', generation: 0 })
  t.same(watched.gates, [])
})

t.test('whoever hears of a change may stop the watch, and then nothing waits', async (t) => {
  for (const { status, answers } of [
    { status: 'reconnecting', answers: [bad] },
    { status: 'connected', answers: [bad, good] },
  ]) {
    const time = fakeTime(t)
    const watched = watch()
    watched.machine.onChange(({ to }) => to === status && watched.breaker.stop())
    watched.trouble()
    for (const answer of answers) {
      if (answer === bad) await answerLast(watched, bad)
      else await time.pass(100).then(() => comeBack(watched, time))
    }
    t.equal(watched.machine.state.status, status)
    t.same(time.left(), [], status)
  }
})
