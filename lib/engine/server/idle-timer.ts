/** How often connections that rested too long are looked for, in milliseconds. */
const lookMs = 5000

/**
 * Begins to look now and then for connections that rested too long. A timer for each of them would be set with each query. It keeps no process
 * alive.
 */
export function startIdleLooks(look: () => void): NodeJS.Timeout {
  return setInterval(look, lookMs).unref()
}
