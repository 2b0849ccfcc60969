/** One measurement, as in the IETF draft `application/health+json`. */
export interface HealthCheck {
  readonly componentType: 'datastore'
  readonly status: 'pass' | 'warn' | 'fail'
  /** ISO 8601, UTC. */
  readonly time: string
  readonly observedValue?: string | number
  readonly observedUnit?: string
  readonly output?: string
}

/** How a database is, in the shape of the IETF draft `application/health+json`. It names no host, user or path. */
export interface HealthReport {
  readonly status: 'pass' | 'warn' | 'fail'
  /** What is wrong and what to do; absent when nothing is. */
  readonly output?: string
  readonly checks: Readonly<Record<string, readonly HealthCheck[]>>
}
