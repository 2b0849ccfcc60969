import type { ReplicaTarget } from '#lib/replica/replica-target.js'
import type { Test } from 'tap'

/** What each kind of replica does with objects. */
export async function keepsObjects(t: Test, target: ReplicaTarget): Promise<void> {
  const big = Buffer.alloc(9_000_000, 7)
  const before = await target.list('')
  t.equal(await target.create('lease/1', Buffer.from('one')), true)
  t.equal(await target.create('lease/1', Buffer.from('another')), false)
  await target.show('lease/1.beat', Buffer.from('1'))
  await target.show('lease/1.beat', Buffer.from('2'))
  await target.write('proved', Buffer.from('1'))
  await target.write('proved', Buffer.from('2'))
  t.equal(await target.create('lease/1.released', Buffer.from('')), true)
  await target.create('generations/1-a/base', big)
  t.equal(String(await target.read('lease/1')), 'one', 'it was not overwritten')
  t.equal(String(await target.read('lease/1.beat')), '2')
  t.equal(String(await target.read('lease/1.released')), '')
  t.equal(String(await target.read('proved')), '2')
  t.equal((await target.read('generations/1-a/base'))?.equals(big), true)
  t.equal(await target.read('lease/2'), undefined)
  t.equal(await target.read('other/2'), undefined)
  t.strictSame(await target.list(''), [
    ...before,
    'generations/1-a/base',
    'lease/1',
    'lease/1.beat',
    'lease/1.released',
    'proved',
  ])
  t.strictSame(await target.list('lease/1.'), ['lease/1.beat', 'lease/1.released'])
  t.strictSame(await target.list('gen'), ['generations/1-a/base'])
  t.strictSame(await target.list('none/'), [])
  await target.remove('generations/1-a/base')
  await target.remove('generations/1-a/base')
  t.strictSame(await target.list('generations/'), [])
}

/** One key that many create at once is created by one. */
export async function createsOnce(t: Test, targets: readonly ReplicaTarget[]): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const key = `claims/${round}`
    const created = await Promise.all(
      targets.map(async (target, index) => await target.create(key, Buffer.from([index]))),
    )
    t.equal(created.filter(Boolean).length, 1)
    t.strictSame([...(await targets[0]!.read(key))!], [created.indexOf(true)])
  }
}
