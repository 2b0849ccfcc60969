/** How often it is looked for connections that rested too long, in milliseconds. */
const lookMs = 5000

/** Looks now and then for connections that rested too long, and keeps no process. A timer for each would be set with each query. */
export function everyIdleLook(look: () => void): NodeJS.Timeout {
  return setInterval(look, lookMs).unref()
}
