import { isAbsolute } from 'node:path'
import type { Knex } from 'knex'
import { logToKnex } from '../log.ts'
import type { ServerPlan } from './plan-server.ts'

/**
 * What knex is told beside the class of its client. The address is for those who read it, or copy it for a knex of their own: here the plan says
 * where a connection goes, and who logs in: no password is here.
 */
export function plainConfig(plan: ServerPlan): Knex.Config {
  const { pool: ownPool, ...own } = plan.knex ?? {}
  return {
    asyncStackTraces: false,
    // A statement that failed is named without its values.
    compileSqlOnError: false,
    ...own,
    connection: connectionOf(plan),
    pool: { ...plan.pool, ...ownPool },
    log: logToKnex(plan.log, plan.redact, own),
  }
}

function connectionOf({ dialect, driverSettings, said, tls }: ServerPlan): Knex.StaticConnectionConfig {
  const host = said.hosts[0]!
  const { attempts, files } = tls
  const isPlain = isAbsolute(host.address) || attempts.includes('none')
  const attempt = isPlain ? 'none' : attempts[0]!
  return {
    ...dialect.schemaSettings,
    ...driverSettings,
    ...dialect.addressSettings(host),
    ...dialect.tlsSettings(attempt, files.material),
  }
}
