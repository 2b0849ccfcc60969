import { setImmediate as nextTurn } from 'node:timers/promises'

/** The longest that queries of a synchronous driver keep the event loop to themselves, in milliseconds. */
const turnMs = 10

let turnStartedAt: number | undefined

/**
 * Lets the event loop go round once queries have kept it for 10 ms. A chain of awaited synchronous queries would else never
 * leave the microtask queue: no timer fires, no request is read.
 */
export async function takeTurn(): Promise<void> {
  const now = performance.now()
  if (turnStartedAt === undefined) {
    turnStartedAt = now
    setImmediate(endTurn)
  } else if (now - turnStartedAt >= turnMs) {
    // Not tried again afterwards: who has waited is served, or the first in line would always win.
    await nextTurn()
  }
}

function endTurn(): void {
  turnStartedAt = undefined
}
