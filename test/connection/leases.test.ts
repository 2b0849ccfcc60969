import t from 'tap'
import { Leases } from '#lib/connection/leases.js'
import { fakeTime, turn } from './fake-time.js'

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
  const taking = Promise.resolve(leases.take()).then((release) => {
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
