/** How often the clock looks, in milliseconds. */
const tickMs = 5

const now = performance.now.bind(performance)
let awakeMs = 0
let lookedAt = now()
let used = process.cpuUsage()

/** Time that this process did not spend computing counts as one tick at most: it may have been ready, and was not run. */
function look(): void {
  const { user, system } = process.cpuUsage(used)
  const at = now()
  awakeMs += Math.min(at - lookedAt, Math.max(tickMs, (user + system) / 1000))
  lookedAt = at
  used = process.cpuUsage()
}

setInterval(look, tickMs).unref()

/**
 * A clock in milliseconds for the bounds that the product promises: what a process waits for and what it computes counts, but a busy
 * machine that lets it wait for a processor does not.
 */
export function awakeNow(): number {
  look()
  return awakeMs
}

/** How long some work takes, in milliseconds: on the wall, for a bound from below, and awake, for one from above. */
export async function measure(
  work: () => PromiseLike<unknown>,
): Promise<{ wallMs: number; awakeMs: number }> {
  const started = { wall: now(), awake: awakeNow() }
  await work()
  return { wallMs: now() - started.wall, awakeMs: awakeNow() - started.awake }
}
