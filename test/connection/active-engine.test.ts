import knex from 'knex'
import t, { type Test } from 'tap'
import { ActiveEngine } from '#lib/connection/active-engine.js'
import { StateMachine } from '#lib/connection/state-machine.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { fakeTime, turn } from './fake-time.js'
import { away, bad, good, info, scriptedEngine, type ScriptedEngine } from './scripted-engine.js'

const location = { filename: ':memory:', durability: 'memory', filesystem: 'memory' } as const
const stoodIn = { status: 'fallback', reason: 'unreachable', problem: away, location, trace: [] } as const

interface Watched {
  readonly active: ActiveEngine
  readonly machine: StateMachine
  readonly engine: ScriptedEngine
  readonly primary: ScriptedEngine
  /** For which engine a password was looked for. */
  readonly renewed: ManagedEngine[]
}

function watch(t: Test, status: 'connected' | 'fallback'): Watched {
  const [engine, primary] = [scriptedEngine(), scriptedEngine()]
  const machine = new StateMachine()
  const renewed: ManagedEngine[] = []
  const outcome =
    status === 'connected'
      ? ({ status, engine: engine.engine, readOnly: true } as const)
      : { ...stoodIn, engine: engine.engine, primary: primary.engine }
  const active = new ActiveEngine(machine, outcome, (which) => renewed.push(which))
  t.teardown(() => active.stop())
  machine.enter({ status: 'connecting', attempt: 1, target: info.target })
  machine.enter(active.describe())
  active.watch()
  return { active, machine, engine, primary, renewed }
}

t.test(
  'a database that is connected has no other beside it, and is the last to say what it takes',
  async (t) => {
    const time = fakeTime(t)
    const { active, machine, engine, primary } = watch(t, 'connected')
    t.equal(active.primary, undefined)
    t.same(active.describe(), { status: 'connected', engine: info, readOnly: true })
    const verifying = active.verify(300)
    t.same(engine.probes, [{ timeoutMs: 300, write: true }])
    engine.answers[0]?.(good)
    await verifying
    t.same(active.describe(), { status: 'connected', engine: info, readOnly: false })
    t.match(machine.state, { readOnly: false })
    await time.pass(60_000)
    t.same(primary.probes, [])
  },
)

t.test(
  'what is known of the primary is in the state, and a refused password is looked for again',
  async (t) => {
    const time = fakeTime(t)
    const { active, machine, primary, renewed } = watch(t, 'fallback')
    t.equal(active.primary, primary.engine)
    t.match(machine.state, { primary: { reachable: false, checkedAt: time.now, problem: away } })
    await time.pass(1000)
    primary.answers[0]?.(bad)
    await turn()
    t.same(renewed, [primary.engine])
    t.match(machine.state, { primary: { reachable: false, checkedAt: time.now, problem: away } })
    await time.pass(2000)
    primary.answers[1]?.(good)
    await turn()
    t.equal(renewed.length, 1)
    t.match(machine.state, { status: 'fallback', primary: { reachable: true, checkedAt: time.now } })
  },
)

t.test('what is seen of the primary while the fallback is away is in the state afterwards', async (t) => {
  const time = fakeTime(t)
  const { active, machine, engine, primary, renewed } = watch(t, 'fallback')
  engine.trouble()
  engine.answers[0]?.(bad)
  await turn()
  await time.pass(1000)
  engine.answers[1]?.(bad)
  primary.answers[0]?.(good)
  await turn()
  t.same(renewed, [engine.engine])
  t.equal(machine.state.status, 'reconnecting')
  t.match(active.describe(), { status: 'fallback', primary: { reachable: true } })
})

t.test('nothing is waited for once it is stopped', async (t) => {
  const time = fakeTime(t)
  const { active } = watch(t, 'fallback')
  t.equal(time.left().length, 2)
  active.stop()
  t.same(time.left(), [])
})

t.test('work on the engine is waited for, within the bound', async (t) => {
  const time = fakeTime(t)
  let isBusy = false
  const engine = { ...scriptedEngine().engine, isBusy: () => isBusy } as ManagedEngine
  const active = new ActiveEngine(new StateMachine(), { ...stoodIn, engine }, () => {})
  t.match(active.describe(), { primary: null })
  t.equal(await active.isFree(100), true)
  isBusy = true
  const never = active.isFree(100)
  await time.pass(100)
  t.equal(await never, false)
  const soon = active.isFree(100)
  await time.pass(50)
  isBusy = false
  await time.pass(5)
  t.equal(await soon, true)
})

t.test('tables of the program that hold rows are counted', async (t) => {
  const database = knex.default({
    client: 'sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
  })
  t.teardown(() => database.destroy())
  for (const name of ['full', 'full_too', 'full_also', 'empty', 'knex_migrations', 'knex_migrations_lock'])
    await database.schema.createTable(name, (table) => table.increments())
  for (const name of ['full', 'full_too', 'full_also', 'knex_migrations', 'knex_migrations_lock'])
    await database(name).insert([{ id: 1 }, { id: 2 }])
  await database.raw('create view seen as select * from "full"')
  const engine = { ...scriptedEngine().engine, knex: database } as unknown as ManagedEngine
  const active = new ActiveEngine(new StateMachine(), { ...stoodIn, engine }, () => {})
  t.equal(await active.countTablesWithRows(), 3)
})

t.test('whether it takes writes is what the attempt found', async (t) => {
  const { engine } = scriptedEngine()
  for (const readOnly of [true, false]) {
    const active = new ActiveEngine(new StateMachine(), { status: 'connected', engine, readOnly }, () => {})
    t.match(active.describe(), { readOnly })
  }
})

t.test('both engines are closed', async (t) => {
  const closed: string[] = []
  const closing = (name: string): ManagedEngine => ({
    ...scriptedEngine().engine,
    close: async () => void closed.push(name),
  })
  const outcome = { ...stoodIn, engine: closing('fallback'), primary: closing('primary') }
  await new ActiveEngine(new StateMachine(), outcome, () => {}).close()
  t.same(closed, ['fallback', 'primary'])
})
