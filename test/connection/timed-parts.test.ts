import { getEventListeners } from 'node:events'
import t from 'tap'
import { Leases } from '#lib/connection/leases.js'
import { settleBy } from '#lib/connection/settle-by.js'
import { Timer } from '#lib/connection/timer.js'
import { fakeTime, turn } from './fake-time.js'

const never = new Promise<never>(() => {})

t.test('a wait leaves neither a timer nor a listener behind, whatever ended it', async (t) => {
  const time = fakeTime(t)
  for (const { name, work, end } of [
    { name: 'the work', work: Promise.resolve(), end: async () => {} },
    { name: 'the failure of the work', work: Promise.reject(new Error('no')), end: async () => {} },
    { name: 'the time', work: never, end: async () => await time.pass(1000) },
    { name: 'the signal', work: never, end: async (abort: AbortController) => abort.abort() },
  ]) {
    const abort = new AbortController()
    let isOver = false
    const wait = settleBy(work, 1000, abort.signal).then(() => (isOver = true))
    t.same(time.left(), [1000], name)
    t.equal(getEventListeners(abort.signal, 'abort').length, 1)
    if (work === never) {
      await time.pass(0)
      await turn()
      t.notOk(isOver, `${name} is waited for`)
    }
    await end(abort)
    await wait
    t.same(time.left(), [])
    t.equal(getEventListeners(abort.signal, 'abort').length, 0)
  }
})

t.test('a wait whose time is over, or whose signal was given, does not begin', async (t) => {
  const time = fakeTime(t)
  await settleBy(never, 1000, AbortSignal.abort())
  t.same(time.left(), [])
  const late = settleBy(never, -5)
  t.same(time.left(), [0])
  await time.pass(0)
  await late
})

t.test('a timer does the last thing it was set to, once, and nothing once it is cleared', async (t) => {
  const time = fakeTime(t)
  const timer = new Timer()
  const done: string[] = []
  timer.set(100, () => done.push('first'))
  timer.set(200, () => done.push('second'))
  t.same(time.left(), [200])
  await time.pass(1000)
  t.same(done, ['second'])
  timer.set(100, () => done.push('third'))
  timer.clear()
  await time.pass(1000)
  t.same(done, ['second'])
})

t.test('a timer does not keep the process alive', async (t) => {
  const made: NodeJS.Timeout[] = []
  const { setTimeout } = globalThis
  const set = (work: () => void, ms: number): NodeJS.Timeout => {
    const timeout = setTimeout(work, ms)
    made.push(timeout)
    return timeout
  }
  t.intercept(globalThis, 'setTimeout', { value: set, configurable: true })
  const timer = new Timer()
  timer.set(60_000, () => {})
  t.same(
    made.map((timeout) => timeout.hasRef()),
    [false],
  )
  timer.clear()
})

t.test('everybody who waits for the leases goes on when the last is given back', async (t) => {
  const time = fakeTime(t)
  const leases = new Leases()
  const log: string[] = []
  const [first, second] = [await leases.take(), await leases.take()]
  const one = leases.exclusively(1000, async () => void log.push('one'))
  const other = leases.exclusively(1000, async () => void log.push('other'))
  first()
  first()
  await turn()
  t.same(log, [], 'one is still held')
  t.equal(leases.held, 1)
  second()
  await Promise.all([one, other])
  t.same(log, ['one', 'other'])
  t.same(time.left(), [])
})

t.test('a lease waits until the exclusive work is done, also where it fails', async (t) => {
  const time = fakeTime(t)
  const leases = new Leases()
  let fail!: (error: Error) => void
  const work = leases.exclusively(1000, () => new Promise((_, reject) => (fail = reject)))
  await turn()
  t.same(time.left(), [], 'work itself is not bounded')
  let isTaken = false
  const taking = leases.take().then((release) => {
    isTaken = true
    return release
  })
  await turn()
  t.notOk(isTaken)
  fail(new Error('no'))
  await t.rejects(work, { message: 'no' })
  const release = await taking
  t.equal(leases.held, 1)
  release()
  t.equal(leases.held, 0)
})

t.test('leases are waited for as long as was said', async (t) => {
  const time = fakeTime(t)
  const leases = new Leases()
  const release = await leases.take()
  const work = leases.exclusively(1000, async () => t.fail('must not run'))
  const refused = t.rejects(work, { name: 'WaitTimeout' })
  t.same(time.left(), [1000])
  await time.pass(1000)
  await refused
  release()
  await leases.exclusively(1000, async () => t.pass())
})
