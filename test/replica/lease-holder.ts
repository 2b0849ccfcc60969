// A program that takes a lease and says what becomes of it, a line each: `lease-holder DIRECTORY TTL RENEW`.
import { openReplicaTarget } from '#lib/replica/open-replica-target.js'
import { takeLease } from '#lib/replica/take-lease.js'

const [directory = '', ttlMs, renewMs] = process.argv.slice(2)
const say = (word: string, number = 0): void => {
  process.stdout.write(`${JSON.stringify({ word, number })}\n`)
}
// The clock of this machine jumps at each look: no lease may depend on it.
Date.now = () => Math.random() * 4e12

const opened = await openReplicaTarget(directory, {})
if (!opened.ok) throw new Error(opened.problem.message)
say('asks')
const taken = await takeLease(opened.target, {
  ttlMs: Number(ttlMs),
  renewMs: Number(renewMs),
  handOver: async () => say('hands over'),
  lost: ({ code }) => say(code),
})
if (!taken.ok) throw new Error(taken.problem.message)
process.on('SIGTERM', () => void taken.lease.release().then(() => process.exit(0)))
setInterval(() => {}, 1000)
say('holds', taken.lease.number)
