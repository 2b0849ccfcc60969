import { openReplicaTarget } from '#lib/replica/open-replica-target.js'
import type { ReplicaTarget } from '#lib/replica/replica-target.js'
import { takeLease } from '#lib/replica/take-lease.js'
import t from 'tap'
import { createsOnce, keepsObjects } from '../../replica/target-cases.js'
import { startCeph } from '../../servers/ceph.js'

const ceph = await startCeph()

void t.test('Ceph keeps a replica', { skip: 'skip' in ceph && ceph.skip, timeout: 600_000 }, async (t) => {
  if ('skip' in ceph) return
  t.teardown(() => ceph.remove())
  await ceph.createBucket('bucket')
  const url = `s3://bucket/todo?endpoint=${ceph.endpoint}`
  const open = async (address = url): Promise<ReplicaTarget> => {
    const opened = await openReplicaTarget(address, ceph.env)
    if (!opened.ok) throw new Error(opened.problem.message)
    return opened.target
  }

  await t.test('what was kept under a key is there', async (t) => keepsObjects(t, await open()))

  await t.test('of many that create one key at once, one succeeds', async (t) => {
    await createsOnce(t, await Promise.all(Array.from({ length: 8 }, () => open())))
  })

  await t.test('a list of more than a page is whole', { timeout: 300_000 }, async (t) => {
    const target = await open()
    const keys = Array.from({ length: 1100 }, (_, index) => `many/${String(index).padStart(4, '0')}`)
    for (let start = 0; start < keys.length; start += 20) {
      await Promise.all(keys.slice(start, start + 20).map((key) => target.write(key, Buffer.from('x'))))
    }
    t.strictSame(await target.list('many/'), keys)
  })

  await t.test('wrong credentials, buckets and clocks are told', async (t) => {
    const wrong = await openReplicaTarget(url, { ...ceph.env, AWS_SECRET_ACCESS_KEY: 'another' })
    t.match(wrong, {
      ok: false,
      problem: { code: 'replica-unreachable', cause: { code: 'SignatureDoesNotMatch' } },
    })
    t.notMatch(JSON.stringify(wrong), /another|a secret/)
    const none = await openReplicaTarget(`s3://none?endpoint=${ceph.endpoint}`, ceph.env)
    t.match(none, { ok: false, problem: { message: /there is no such bucket/ } })
    const { now } = Date
    t.teardown(() => (Date.now = now))
    Date.now = () => now() + 5 * 3_600_000
    t.equal(String(await (await open()).read('created-once')), '1', 'a clock that is five hours ahead')
  })

  await t.test('a lease goes from one to the next', async (t) => {
    const handedOver: number[] = []
    const take = async (number: number) =>
      await takeLease(await open(`s3://bucket/lease?endpoint=${ceph.endpoint}`), {
        handOver: async () => void handedOver.push(number),
        lost: () => t.fail('no lease was lost'),
      })
    const first = await take(1)
    const second = await take(2)
    t.equal(first.ok && first.lease.number, 1)
    t.equal(second.ok && second.lease.number, 2)
    t.strictSame(handedOver, [1])
    if (second.ok) await second.lease.release()
  })

  await t.test('a gateway that stands still is away, and comes back', { timeout: 300_000 }, async (t) => {
    const target = await open()
    ceph.signalGateway('SIGSTOP')
    await t.rejects(target.read('created-once'), {
      code: 'replica-unreachable',
      message: /it does not answer/,
    })
    ceph.signalGateway('SIGCONT')
    t.equal(String(await target.read('created-once')), '1')
  })
})
