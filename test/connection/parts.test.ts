import t from 'tap'
import { backoffMs } from '#lib/connection/backoff.js'
import { Leases } from '#lib/connection/leases.js'
import { settleBy } from '#lib/connection/settle-by.js'

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

t.test('exclusive work waits for leases and holds new ones back', async (t) => {
  const leases = new Leases()
  const log: string[] = []
  const release = await leases.take()
  const exclusive = leases.exclusively(1000, async () => void log.push('exclusive'))
  const takeNext = async (): Promise<void> => {
    const give = await leases.take()
    log.push('next')
    give()
  }
  const next = takeNext()
  t.equal(leases.held, 1)
  log.push('release')
  release()
  release()
  await Promise.all([exclusive, next])
  t.same(log, ['release', 'exclusive', 'next'])
  t.equal(leases.held, 0)
})

t.test('exclusive work is given up when a lease is not given back, and others go on', async (t) => {
  const leases = new Leases()
  await leases.take()
  await t.rejects(
    leases.exclusively(10, async () => t.fail('must not run')),
    { name: 'WaitTimeout' },
  )
  t.ok(await leases.take())
})

t.test('a wait ends with the work, the time or the signal, and never rejects', async (t) => {
  const never = new Promise(() => {})
  await settleBy(Promise.reject(new Error('no')), 60_000)
  await settleBy(never, 5)
  await settleBy(never, 60_000, AbortSignal.timeout(5))
  await settleBy(never, 60_000, AbortSignal.abort())
  t.pass()
})
