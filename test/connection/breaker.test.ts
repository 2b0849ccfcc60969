import t from 'tap'
import type { ClassifiedError, Engine } from 'failsoft/knex'
import { Breaker } from '#lib/connection/breaker.js'
import { StateMachine } from '#lib/connection/state-machine.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'

type Answer = Awaited<ReturnType<Engine['probe']>>

const good: Answer = { ok: true, latencyMs: 1, readOnly: false }
const away = { code: 'connection-refused', message: 'It is away.', hint: 'Start it.' } as const
const bad: Answer = { ok: false, latencyMs: 1, problem: away }
const trouble: ClassifiedError = { ...away, kind: 'connection', retryable: true, reason: 'unreachable' }
const info = { dialect: 'postgres', driver: 'pg', target: 'postgres://h/d' } as const

/** An engine whose answers are given one by one, because what is tested is their order. */
function scripted(): {
  engine: ManagedEngine
  trouble: (code?: ClassifiedError['code']) => void
  answers: ((answer: Answer) => void)[]
  gates: unknown[]
} {
  const answers: ((answer: Answer) => void)[] = []
  const gates: unknown[] = []
  let listener!: (found: ClassifiedError) => void
  const engine = {
    info,
    probe: () => new Promise<Answer>((resolve) => answers.push(resolve)),
    setGate: (gate: unknown) => gates.push(gate),
    dropConnections: () => {},
    suspectConnections: () => {},
    onTrouble: (listen: typeof listener) => (listener = listen),
  } as unknown as ManagedEngine
  return { engine, trouble: (code = trouble.code) => listener({ ...trouble, code }), answers, gates }
}

function watch(
  failures: unknown[] = [],
): ReturnType<typeof scripted> & { machine: StateMachine; breaker: Breaker } {
  const script = scripted()
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

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

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
  const { trouble, answers, machine } = watch()
  trouble()
  answers[0]?.(bad)
  await turn()
  while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  machine.enter({ status: 'closing' })
  answers[1]?.(bad)
  await turn()
  t.equal(machine.state.status, 'closing')
})

t.test('several good probes in a row end an outage, and a bad one between them does not', async (t) => {
  const failures: unknown[] = []
  const { trouble, answers, machine, gates } = watch(failures)
  const next = async (answer: Answer): Promise<void> => {
    const count = answers.length
    answers[count - 1]?.(answer)
    while (machine.state.status === 'reconnecting' && answers.length === count) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  trouble()
  answers[0]?.(bad)
  await turn()
  while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 2))
  await next(good)
  await next(bad)
  t.match(machine.state, { status: 'reconnecting', attempt: 2 })
  t.same(failures, [away])
  await next(good)
  await next(good)
  t.equal(machine.state.status, 'reconnecting')
  await next(good)
  t.match(machine.state, { status: 'connected' })
  t.same(gates.map(Boolean), [true, false], 'the gate was shut, and is open')
})

t.test('a full pool and a busy file are no outage', async (t) => {
  const { trouble, answers } = watch()
  trouble('pool-exhausted')
  trouble('sqlite-busy')
  t.equal(answers.length, 0)
})
