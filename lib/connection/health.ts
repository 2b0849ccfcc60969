/** One measurement, as in the IETF draft `application/health+json`. */
export interface HealthCheck {
  readonly componentType: 'datastore'
  readonly status: 'pass' | 'warn' | 'fail'
  /** ISO 8601, UTC. */
  readonly time: string
  /** The state's name, the number of the host in use, or how long the answer took. */
  readonly observedValue?: string | number
  /** `ms` for a time; absent for a name. */
  readonly observedUnit?: string
  readonly output?: string
}

/** How a database is, in the shape of the IETF draft `application/health+json`. It names no host, user or path. */
export interface HealthReport {
  readonly status: 'pass' | 'warn' | 'fail'
  /** What is wrong and what to do; absent when nothing is. */
  readonly output?: string
  /**
   * By subject: `database:connection`; where the URL names several hosts `database:host`, which of them is in use, from 1; and
   * after a probe `database:responseTime`.
   */
  readonly checks: Readonly<Record<string, readonly HealthCheck[]>>
}
