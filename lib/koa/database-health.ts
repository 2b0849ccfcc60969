import type { Database } from '../connection/database.ts'
import type { HealthReport } from '../connection/health.ts'
import { aString, checkOptions, oneOf, type OptionChecks } from '../url/option-checks.ts'
import type { Middleware } from './middleware.ts'

/** Where health is answered, and how strictly. */
export interface HealthOptions {
  /** Path of the liveness check. Default: `/health/live`. */
  readonly live?: string
  /** Path of the readiness check. Default: `/health/ready`. */
  readonly ready?: string
  /** Whether the status `warn`, such as that of a fallback, is ready: `lenient` answers 200, `strict` 503. Default: `lenient`. */
  readonly readiness?: 'lenient' | 'strict'
}

const healthOptions: OptionChecks<HealthOptions> = {
  live: aString,
  ready: aString,
  readiness: oneOf(['lenient', 'strict']),
}

/**
 * Answers liveness, which never depends on the database, and readiness, as `application/health+json`. The answer
 * comes from the state: no query is made.
 *
 * @param database - whose state is reported.
 * @throws TypeError that names a wrong option.
 *
 * @example
 * ```ts
 * import Koa from 'koa'
 *
 * const app = new Koa()
 * app.use(databaseHealth(openDatabase(), { readiness: 'strict' }))
 * ```
 */
export function databaseHealth(database: Database, options: HealthOptions = {}): Middleware {
  checkOptions('options', options, healthOptions)
  const { live = '/health/live', ready = '/health/ready', readiness = 'lenient' } = options
  const reports: Readonly<Record<string, () => HealthReport>> = {
    [live]: () => ({ status: 'pass', checks: {} }),
    [ready]: () => database.health(),
  }
  return async (context, next) => {
    const report = ['GET', 'HEAD'].includes(context.method) ? reports[context.path]?.() : undefined
    if (report === undefined) return void (await next())
    const isReady = report.status === 'pass' || (report.status === 'warn' && readiness === 'lenient')
    context.status = isReady ? 200 : 503
    context.set('Content-Type', 'application/health+json')
    context.set('Cache-Control', 'no-store')
    context.body = JSON.stringify(report)
  }
}
