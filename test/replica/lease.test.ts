import { setMaxListeners } from 'node:events'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { DirectoryTarget } from '#lib/replica/directory-target.js'
import { takeLease } from '#lib/replica/take-lease.js'
import { newFolder } from '#test/new-folder.js'
import t, { type Test } from 'tap'
import { LeaseProcess } from './lease-process.ts'

const home = newFolder()
let count = 0

async function newTarget(): Promise<{ directory: string; url: string; target: DirectoryTarget }> {
  const directory = join(home, String(++count))
  const target = new DirectoryTarget(directory)
  await target.prepare()
  return { directory, url: pathToFileURL(directory).href, target }
}

function start(t: Test, url: string, times?: ConstructorParameters<typeof LeaseProcess>[1]): LeaseProcess {
  const started = new LeaseProcess(url, times)
  t.teardown(() => started.kill())
  return started
}

const quick = { ttlMs: 1000, renewMs: 100, handOver: async () => {}, lost: () => {} }

/** Waits until the holder has shown that it lives so many times more. */
async function beats(target: DirectoryTarget, number: number, times: number): Promise<void> {
  const key = `lease/${String(number).padStart(10, '0')}.beat`
  const read = async (): Promise<number> => Number(await target.read(key))
  const first = await read()
  while (!((await read()) >= (first || 0) + times)) await sleep(20)
}

void t.test('a newcomer gets the lease from a holder that lives, once that has handed over', async (t) => {
  const { url } = await newTarget()
  const first = start(t, url)
  t.equal((await first.says('holds')).number, 1)
  const second = start(t, url)
  t.equal((await second.says('holds')).number, 2)
  t.ok(
    first.said.some(({ word }) => word === 'hands over'),
    'it was told to stop before',
  )
  t.notOk(
    first.said.some(({ word }) => word === 'replica-in-use'),
    'and lost nothing',
  )
  await second.stop()
  const startedAt = performance.now()
  const third = start(t, url, { ttlMs: 600_000 })
  t.equal((await third.says('holds')).number, 3)
  t.ok(performance.now() - startedAt < 300_000, 'what was given back need not be waited for')
})

void t.test('a lease whose holder was killed is taken once it stood unchanged for its time', async (t) => {
  const { url } = await newTarget()
  const first = start(t, url)
  await first.says('holds')
  await first.kill()
  const startedAt = performance.now()
  const second = start(t, url, { ttlMs: 1500 })
  t.equal((await second.says('holds')).number, 2)
  t.ok(performance.now() - startedAt >= 1500, 'not before')
})

void t.test('a holder that stood still for too long learns that it lost the lease', async (t) => {
  const { url } = await newTarget()
  const first = start(t, url)
  await first.says('holds')
  first.child.kill('SIGSTOP')
  const second = start(t, url)
  await second.says('holds')
  first.child.kill('SIGCONT')
  await first.says('replica-in-use')
  t.notOk(first.said.some(({ word }) => word === 'hands over'))
})

void t.test('a holder that was silent while many came and went lost the lease too', async (t) => {
  const { url, target } = await newTarget()
  const first = start(t, url, { ttlMs: 300 })
  await first.says('holds')
  first.child.kill('SIGSTOP')
  for (let number = 2; number < 40; number++) {
    const taken = await takeLease(target, { ...quick, ttlMs: 300 })
    if (!taken.ok) throw new Error(taken.problem.message)
    t.equal(taken.lease.number, number)
    await taken.lease.release()
  }
  t.ok((await target.list('lease/')).length < 60, 'old claims are taken away')
  first.child.kill('SIGCONT')
  await first.says('replica-in-use')
})

void t.test('of many that ask at once, one gets the lease', async (t) => {
  const { target } = await newTarget()
  const controller = new AbortController()
  setMaxListeners(20, controller.signal)
  const handOver = async (): Promise<void> => {
    throw new Error('it keeps the lease')
  }
  const asking = Array.from({ length: 12 }, () =>
    takeLease(target, { ...quick, handOver, signal: controller.signal }),
  )
  await Promise.race(asking)
  await beats(target, 1, 15)
  controller.abort()
  const all = await Promise.all(asking)
  const held = all.filter((each) => each.ok)
  t.equal(held.length, 1)
  t.strictSame(
    all.flatMap((each) => (each.ok ? [] : [each.problem.code])),
    Array.from({ length: 11 }, () => 'replica-in-use'),
  )
  for (const { lease } of held) await lease.release()
})

void t.test('a request that nobody is behind any more is not honoured', async (t) => {
  const { url, target } = await newTarget()
  const first = start(t, url)
  await first.says('holds')
  await target.write('lease/0000000001.handover', Buffer.from('left by a program that was killed'))
  await beats(target, 1, 10)
  t.strictSame(
    first.said.map(({ word }) => word),
    ['asks', 'holds'],
  )
})

void t.test('a hand-over that fails is tried again while somebody waits', async (t) => {
  const { target } = await newTarget()
  let times = 0
  const handOver = async (): Promise<void> => {
    if (++times < 3) throw new Error('not yet')
  }
  const first = await takeLease(target, { ...quick, handOver })
  const second = await takeLease(target, quick)
  t.ok(first.ok && second.ok && second.lease.number === 2)
  t.equal(times, 3)
  if (second.ok) await second.lease.release()
})

void t.test('while the replica is away the lease is held on, unproved', async (t) => {
  const { directory, target } = await newTarget()
  const lost: string[] = []
  const taken = await takeLease(target, { ...quick, lost: ({ code }) => lost.push(code) })
  if (!taken.ok) throw new Error(taken.problem.message)
  const { lease } = taken
  await beats(target, 1, 2)
  await rename(directory, `${directory}.away`)
  await sleep(1500)
  const provenAt = lease.provenAt
  await sleep(500)
  t.equal(lease.provenAt, provenAt, 'nothing proves it')
  await rename(`${directory}.away`, directory)
  while (lease.provenAt === provenAt) await sleep(20)
  t.ok(lease.provenAt > provenAt, 'it is proved again')
  t.strictSame(lost, [])
  await rename(directory, `${directory}.away`)
  const other = new DirectoryTarget(`${directory}.away`)
  const second = await takeLease(other, quick)
  await rename(`${directory}.away`, directory)
  while (lost.length === 0) await sleep(20)
  t.strictSame(lost, ['replica-in-use'])
  t.equal(second.ok && second.lease.number, 2)
  if (second.ok) await second.lease.release()
  await lease.release()
  t.notOk(
    (await target.list('lease/')).includes('lease/0000000001.released'),
    'what is lost is not given back',
  )
})

void t.test('a claim whose answer was lost is held', async (t) => {
  const { target } = await newTarget()
  const create = target.create.bind(target)
  let answersLost = 0
  target.create = async (key, bytes) => {
    const isNew = await create(key, bytes)
    if (answersLost++ === 0) throw new Error('the answer was lost')
    return isNew
  }
  await t.rejects(takeLease(target, quick), /the answer was lost/, 'the first look says that it is away')
  target.create = create
  const taken = await takeLease(target, quick)
  t.equal(taken.ok && taken.lease.number, 2, 'the next attempt is another one')
  if (taken.ok) await taken.lease.release()
  target.create = async (key, bytes) => {
    const isNew = await create(key, bytes)
    return key.endsWith('released') ? isNew : false
  }
  const again = await takeLease(target, quick)
  t.equal(again.ok && again.lease.number, 3, 'a refusal that was none')
  if (again.ok) await again.lease.release()
})
