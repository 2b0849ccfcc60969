import t from 'tap'
import { PrimaryWatcher } from '#lib/connection/primary-watch.js'
import { fakeTime, turn } from './fake-time.js'
import { away, bad, good, scriptedEngine } from './scripted-engine.js'

t.test('the primary is asked at growing times, and each answer is told', async (t) => {
  const time = fakeTime(t)
  const { engine, answers, probes } = scriptedEngine()
  const seen: unknown[] = []
  const watcher = new PrimaryWatcher(engine, (watch) => seen.push(watch))
  for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    t.same(time.left(), [waitMs])
    await time.pass(waitMs)
    t.same(probes.at(-1), { timeoutMs: 5000, write: true })
    t.same(time.left(), [], 'one question at a time')
    answers.at(-1)?.(waitMs === 2000 ? good : bad)
    await turn()
    const want = waitMs === 2000 ? { reachable: true } : { reachable: false, problem: away }
    t.same(seen.at(-1), { ...want, checkedAt: time.now })
  }
  t.equal(seen.length, 7)
  watcher.stop()
  t.same(time.left(), [], 'nothing waits once it is stopped')
})

t.test('an answer that comes after the end is dropped', async (t) => {
  const time = fakeTime(t)
  const { engine, answers } = scriptedEngine()
  const watcher = new PrimaryWatcher(engine, () => t.fail('must not report'))
  await time.pass(1000)
  watcher.stop()
  answers[0]?.(good)
  await turn()
  t.equal(answers.length, 1)
  t.same(time.left(), [])
})
