import t from 'tap'
import { transitions, type Status } from 'failsoft/knex'
import { StateMachine, type NextState } from '#lib/connection/state-machine.js'

const problem = { code: 'connection-refused', message: 'It is away.', hint: 'Start it.' } as const
const engine = { dialect: 'sqlite', driver: 'sqlite3', target: 'sqlite::memory:' } as const
const location = { filename: ':memory:', durability: 'memory', filesystem: 'memory' } as const

const examples: Record<Status, NextState> = {
  idle: { status: 'idle' },
  connecting: { status: 'connecting', attempt: 1, target: 'postgres://h/d' },
  connected: { status: 'connected', engine, readOnly: false },
  fallback: { status: 'fallback', engine, reason: 'unreachable', problem, location, primary: null },
  reconnecting: { status: 'reconnecting', engine, problem, attempt: 1, nextAttemptAt: 0 },
  unavailable: { status: 'unavailable', reason: 'unreachable', problem, attempt: 1, nextAttemptAt: null },
  closing: { status: 'closing' },
  closed: { status: 'closed' },
}

/** A way to each state through allowed transitions. */
const paths: Record<Status, readonly Status[]> = {
  idle: [],
  connecting: ['connecting'],
  connected: ['connecting', 'connected'],
  fallback: ['connecting', 'fallback'],
  reconnecting: ['connecting', 'connected', 'reconnecting'],
  unavailable: ['connecting', 'unavailable'],
  closing: ['closing'],
  closed: ['closing', 'closed'],
}

function machineIn(status: Status): StateMachine {
  const machine = new StateMachine()
  for (const step of paths[status]) machine.enter(examples[step])
  return machine
}

const statuses = Object.keys(transitions) as Status[]

for (const from of statuses) {
  for (const to of statuses) {
    const isAllowed = transitions[from].includes(to)
    t.test(`${from} → ${to} ${isAllowed ? 'happens' : 'cannot happen'}`, async (t) => {
      const machine = machineIn(from)
      if (isAllowed) t.match(machine.enter(examples[to]), { status: to })
      else t.throws(() => machine.enter(examples[to]), TypeError)
      t.equal(machine.state.status, isAllowed ? to : from)
    })
  }
}

t.test('each change has one event, in order, and the state is already the new one', async (t) => {
  const machine = new StateMachine()
  const seen: string[] = []
  machine.onChange(({ from, to, reason }) => seen.push(`${from} ${to} ${reason} ${machine.state.status}`))
  machine.enter(examples.connecting)
  machine.enter(examples.unavailable, { reason: 'connection-refused' })
  t.same(seen, [
    'idle connecting undefined connecting',
    'connecting unavailable connection-refused unavailable',
  ])
})

t.test('a listener that was taken away hears no more', async (t) => {
  const machine = new StateMachine()
  let count = 0
  const stop = machine.onChange(() => count++)
  stop()
  machine.enter(examples.connecting)
  t.equal(count, 0)
})

t.test(
  'the mistake of a listener stops neither the others nor the change, and is not swallowed',
  async (t) => {
    const machine = new StateMachine()
    let count = 0
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    machine.onChange(() => {
      throw new Error('my mistake')
    })
    machine.onChange(() => count++)
    machine.enter(examples.connecting)
    t.equal(count, 1)
    t.match(await uncaught, { message: 'my mistake' })
  },
)

t.test('a generation begins with each engine, and refining a state keeps its time', async (t) => {
  const machine = new StateMachine()
  machine.enter(examples.connecting)
  t.equal(machine.enter(examples.connected, { newEngine: true }).generation, 1)
  const { since } = machine.state
  machine.refine({ status: 'connected', engine, readOnly: true })
  t.match(machine.state, { since, generation: 1, readOnly: true })
  t.throws(() => machine.refine(examples.closed), TypeError)
})

t.test('states are deeply frozen', async (t) => {
  const { state } = machineIn('fallback')
  t.ok(Object.isFrozen(state) && state.status === 'fallback' && Object.isFrozen(state.location))
})
