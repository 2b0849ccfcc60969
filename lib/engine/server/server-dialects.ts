import type { ServerTarget } from '../../url/target.ts'
import { mysql } from '../mysql/dialect.ts'
import { cockroachdb, postgres } from '../postgres/dialect.ts'
import type { ServerDialect } from './server-dialect.ts'

/** The servers by the dialect that a URL names. */
export const serverDialects: Readonly<Record<ServerTarget['dialect'], ServerDialect>> = {
  postgres,
  cockroachdb,
  mysql,
}
