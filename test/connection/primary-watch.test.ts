import t from 'tap'
import type { Engine } from 'failsoft/knex'
import { PrimaryWatcher } from '#lib/connection/primary-watch.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'

t.test('an answer that comes after the end is dropped', async (t) => {
  let answer!: (answer: Awaited<ReturnType<Engine['probe']>>) => void
  let isAsked!: () => void
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  const engine = {
    probe: () => {
      isAsked()
      return new Promise((resolve) => (answer = resolve))
    },
  } as unknown as ManagedEngine
  const watcher = new PrimaryWatcher(engine, () => t.fail('must not report'))
  const keepAlive = setTimeout(() => {}, 10_000)
  await asked
  clearTimeout(keepAlive)
  watcher.stop()
  answer({ ok: true, latencyMs: 1, readOnly: false })
  await new Promise((resolve) => setImmediate(resolve))
  t.pass()
})
