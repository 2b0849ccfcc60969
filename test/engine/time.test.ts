import { getEventListeners } from 'node:events'
import t from 'tap'
import { backoffMs, Deadline, settleBy, Timer } from '#lib/engine/time.js'
import { fakeTime, turn } from '../connection/fake-time.js'

const never = new Promise<never>(() => {})

t.test('a deadline is computed once, and what is left is never less than nothing', async (t) => {
  const time = fakeTime(t)
  const [deadline, endless] = [new Deadline(300), new Deadline(Infinity)]
  await time.pass(200)
  t.equal(deadline.leftMs, 100)
  await time.pass(200)
  t.equal(deadline.leftMs, 0)
  t.equal(endless.leftMs, Infinity)
})

t.test('a wait without a bound sets no timer', async (t) => {
  const time = fakeTime(t)
  const waiting = settleBy(Promise.resolve(), Infinity)
  t.same(time.left(), [])
  await waiting
})

t.test('waits grow, are jittered and capped', async (t) => {
  for (const { attempt, least, most } of [
    { attempt: 1, least: 50, most: 100 },
    { attempt: 2, least: 100, most: 200 },
    { attempt: 4, least: 400, most: 800 },
    { attempt: 5, least: 400, most: 800 },
    { attempt: 10_000, least: 400, most: 800 },
  ]) {
    const waits = Array.from({ length: 50 }, () => backoffMs(attempt, 100, 800))
    t.ok(Math.min(...waits) >= least && Math.max(...waits) <= most, `attempt ${attempt}`)
    t.ok(new Set(waits).size > 1, 'not all the same')
  }
})

t.test('a wait ends with the work, the time or the signal, and never rejects', async (t) => {
  await settleBy(Promise.reject(new Error('no')), 60_000)
  await settleBy(never, 5)
  await settleBy(never, 60_000, AbortSignal.timeout(5))
  await settleBy(never, 60_000, AbortSignal.abort())
  t.pass()
})
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
