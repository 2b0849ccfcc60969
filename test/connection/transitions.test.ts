import { once } from 'node:events'
import t from 'tap'
import { openDatabase, transitions, type Status } from 'failsoft/knex'
import { StateMachine } from '#lib/connection/state-machine.js'

const problem = { code: 'connection-refused', message: 'It is away.', hint: 'Start it.' } as const
const engine = { dialect: 'sqlite', driver: 'sqlite3', target: 'sqlite::memory:' } as const
const location = { filename: ':memory:', durability: 'memory', filesystem: 'memory' } as const
const connected = { status: 'connected', engine, readOnly: false } as const
const fallback = {
  status: 'fallback',
  engine,
  reason: 'unreachable',
  problem,
  location,
  primary: null,
  standIn: { clean: true, tables: 0 },
  readOnly: false,
} as const

/** Each arrow of the diagram, by its name: where it leads, and from where it may. */
const arrows: readonly {
  name: string
  from: readonly Status[]
  to: Status
  go: (machine: StateMachine) => unknown
}[] = [
  {
    name: 'begin',
    from: ['idle', 'unavailable'],
    to: 'connecting',
    go: (machine) => machine.begin({ attempt: 1, target: 'postgres://h/d' }),
  },
  { name: 'arrive', from: ['connecting'], to: 'connected', go: (machine) => machine.arrive(connected) },
  { name: 'stand in', from: ['connecting'], to: 'fallback', go: (machine) => machine.arrive(fallback) },
  {
    name: 'giveUp',
    from: ['connecting'],
    to: 'unavailable',
    go: (machine) => machine.giveUp({ reason: 'unreachable', problem, attempt: 1, nextAttemptAt: null }),
  },
  {
    name: 'lose',
    from: ['connected', 'fallback'],
    to: 'reconnecting',
    go: (machine) => machine.lose({ engine, problem, attempt: 1, nextAttemptAt: 0 }),
  },
  {
    name: 'recover',
    from: ['reconnecting'],
    to: 'connected',
    go: (machine) => machine.recover(connected, false),
  },
  {
    name: 'recover to the fallback',
    from: ['reconnecting'],
    to: 'fallback',
    go: (machine) => machine.recover(fallback, false),
  },
  {
    name: 'returnToPrimary',
    from: ['fallback'],
    to: 'connected',
    go: (machine) => machine.returnToPrimary(connected, 'it is back'),
  },
  {
    name: 'close',
    from: ['idle', 'connecting', 'connected', 'fallback', 'reconnecting', 'unavailable'],
    to: 'closing',
    go: (machine) => machine.close(),
  },
  { name: 'end', from: ['closing'], to: 'closed', go: (machine) => machine.end() },
]

/** A way to each state, by names of arrows. */
const paths: Record<Status, readonly string[]> = {
  idle: [],
  connecting: ['begin'],
  connected: ['begin', 'arrive'],
  fallback: ['begin', 'stand in'],
  reconnecting: ['begin', 'arrive', 'lose'],
  unavailable: ['begin', 'giveUp'],
  closing: ['close'],
  closed: ['close', 'end'],
}

function machineIn(status: Status): StateMachine {
  const machine = new StateMachine()
  for (const name of paths[status]) arrows.find((arrow) => arrow.name === name)?.go(machine)
  return machine
}

for (const status of Object.keys(transitions) as Status[]) {
  t.test(`from ${status} only the arrows of the diagram lead on`, async (t) => {
    const reached = new Set<Status>()
    for (const { name, from, to, go } of arrows) {
      const machine = machineIn(status)
      t.equal(machine.state.status, status)
      // Whether the state can be left by this arrow is what the table says of both its ends.
      const isAllowed = transitions[status].includes(to)
      if (from.includes(status)) t.ok(isAllowed, `${name} is in the table`)
      if (isAllowed) go(machine)
      else t.throws(() => go(machine), TypeError, name)
      t.equal(machine.state.status, isAllowed ? to : status, name)
      if (from.includes(status)) reached.add(to)
    }
    t.same([...reached].toSorted(), [...transitions[status]].toSorted(), 'each has a name')
  })
}

t.test('each change has one event, in order, and the state is already the new one', async (t) => {
  const database = openDatabase({ env: {}, strategy: 'never', log: () => {} })
  const seen: string[] = []
  const stop = database.onStateChange(({ from, to, reason }) =>
    seen.push(`${from} ${to} ${reason} ${database.state.status}`),
  )
  await database.connect()
  t.same(seen, ['idle connecting undefined connecting', 'connecting unavailable missing unavailable'])
  stop()
  await database.close()
  t.equal(seen.length, 2, 'who was taken away hears no more')
})

t.test('the mistake of a listener or of a log is a warning, and disturbs nothing', async (t) => {
  const mistakes: (() => void)[] = [
    () => {
      throw new Error('my mistake')
    },
    () => Promise.reject(new Error('my mistake')),
  ]
  for (const mistake of mistakes) {
    const database = openDatabase({
      env: {},
      strategy: 'always',
      sqlite: { filename: ':memory:' },
      log: mistake,
    })
    const heard: string[] = []
    database.onStateChange(mistake)
    database.onStateChange(({ to }) => void heard.push(to))
    const warned = once(process, 'warning')
    t.match(await database.connect(), { status: 'fallback' })
    t.match(await warned, [{ code: 'FAILSOFT_LISTENER', message: /my mistake/ }])
    t.same(heard, ['connecting', 'fallback'])
    await database.close()
    t.equal(database.state.status, 'closed')
  }
})

t.test('a generation begins with each engine, and what is learnt keeps the time', async (t) => {
  const machine = machineIn('connected')
  const { since, generation } = machine.state
  t.equal(generation, 1)
  const { stay } = machine
  machine.learn({ ...connected, readOnly: true })
  t.match(machine.state, { since, generation, readOnly: true })
  t.ok(machine.isStill(stay))
  t.throws(() => machine.learn(fallback), TypeError)
  machine.lose({ engine, problem, attempt: 1, nextAttemptAt: 0 })
  machine.recover(connected, false)
  t.notOk(machine.isStill(stay), 'the same state again is another stay')
  t.equal(machine.state.generation, generation)
})

t.test('states are deeply frozen', async (t) => {
  const { state } = machineIn('fallback')
  t.ok(Object.isFrozen(state) && state.status === 'fallback' && Object.isFrozen(state.location))
})
