/** What an engine keeps to where neither the program nor the URL says otherwise. */
export const engineDefaults = {
  /** How long a statement waits for a free connection, in milliseconds: as in knex. */
  acquireTimeoutMs: 60_000,
  /** How long what is in flight may take to end when an engine or a database is closed, in milliseconds. */
  closeTimeoutMs: 5000,
  /** How long one attempt on one host may take, in milliseconds. */
  connectTimeoutMs: 5000,
  /** How many connections a server is given at most. */
  poolMax: 10,
  /** How long the answer to a question may take, in milliseconds. */
  probeTimeoutMs: 5000,
} as const
