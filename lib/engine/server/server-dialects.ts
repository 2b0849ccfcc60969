import type { ServerTarget } from '../../url/target.ts'
import { mysqlDialect } from '../mysql/dialect.ts'
import { cockroachdbDialect, postgresDialect } from '../postgres/dialect.ts'
import type { ServerDialect } from './server-dialect.ts'

/** The servers by the dialect that a URL names. */
export const serverDialects: Readonly<Record<ServerTarget['dialect'], ServerDialect>> = {
  postgres: postgresDialect,
  cockroachdb: cockroachdbDialect,
  mysql: mysqlDialect,
}
