import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long one connection keeps the event loop to itself, in milliseconds: an engine has two of them, which makes 10. */
const sliceMs = 5

/** Counts the rounds of the event loop in which there were queries. */
let turn = 0
let counting = false

interface Slice {
  readonly turn: number
  readonly startedAt: number
}
const slices = new WeakMap<object, Slice>()

/**
 * Lets the event loop go round once a connection has kept it for 5 ms. A chain of awaited synchronous queries would else
 * never leave the microtask queue: no timer fires, no request is read.
 *
 * Each connection has a slice of its own, and a fresh one when it has waited: with one for all, the readers' chain would use
 * it up in every round, and leave a writer one statement.
 *
 * @returns what to wait for, if anything: mostly there is nothing, and a promise would cost each query a round of microtasks.
 */
export function takeTurn(connection: object): Promise<void> | undefined {
  countTurns()
  const slice = slices.get(connection)
  const now = performance.now()
  if (slice?.turn === turn && now - slice.startedAt >= sliceMs) return waitForTurn(connection)
  if (slice?.turn !== turn) slices.set(connection, { turn, startedAt: now })
  return undefined
}

async function waitForTurn(connection: object): Promise<void> {
  await nextTurn()
  slices.set(connection, { turn, startedAt: performance.now() })
}

function countTurns(): void {
  if (counting) return
  counting = true
  setImmediate(() => {
    counting = false
    turn++
  })
}
