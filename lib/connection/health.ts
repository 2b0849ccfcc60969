/** One measurement, as in the IETF draft `application/health+json`. */
export interface HealthCheck {
  /** What was measured: always a store of data. */
  readonly componentType: 'datastore'
  /** `warn`: it works, but not as asked. */
  readonly status: 'pass' | 'warn' | 'fail'
  /** Since when the state is so, or when it was measured: ISO 8601, UTC. */
  readonly time: string
  /** The state's name, the number of the host in use, or how long the answer took. */
  readonly observedValue?: string | number
  /** `ms` for a time; absent for a name. */
  readonly observedUnit?: string
  /** What is wrong; absent if nothing is. */
  readonly output?: string
}

/** How a database is, in the shape of the IETF draft `application/health+json`. It names no host, user or path. */
export interface HealthReport {
  /** `warn`: on its fallback, or connected and read-only, with a problem, or with a replica that is ten intervals behind. `fail`: there is no database now. */
  readonly status: 'pass' | 'warn' | 'fail'
  /** The state and the code of what is wrong; absent when nothing is. */
  readonly output?: string
  /**
   * By subject: `database:connection`; if the URL names several hosts, `database:host`, the number of the one in use, from 1; and
   * after a probe `database:responseTime`.
   */
  readonly checks: Readonly<Record<string, readonly HealthCheck[]>>
}
