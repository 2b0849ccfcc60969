/** What the server, the driver or the system said, in its own words and without secrets: never the error itself. */
export interface Cause {
  /** The class of the error, such as `Error`. */
  readonly name: string
  /** The error's own code, such as `28P01` or `ECONNREFUSED`; absent where it has none. */
  readonly code?: string
  /** The error's own words. */
  readonly message: string
}

const ofServer = /^(E[ER]_\w+|\d{4,}|(?=.*\d)[0-9A-Z]{5})$/
const ofSystem = /^E[A-Z]+$/

/** Whether these are the words of a server, by the kind of their code. */
export function isSaidByServer({ code = '' }: Cause): boolean {
  return ofServer.test(code)
}

/** Says a cause to a person, and whose words they are. */
export function quoteCause(cause: Cause): string {
  const { code = '', message } = cause
  const who = isSaidByServer(cause) ? 'server' : ofSystem.test(code) ? 'system' : 'driver'
  return `The ${who} said: ${message}`
}
