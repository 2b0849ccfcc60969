import type { Parameters } from '../../url/target.ts'
import type { ServerStatus } from './server-dialect.ts'

/** Which server of a list will do (PostgreSQL documentation, libpq, "target_session_attrs"). */
const conditions: Readonly<Record<string, (status: ServerStatus) => boolean>> = {
  'read-write': ({ readOnly }) => !readOnly,
  'read-only': ({ readOnly }) => readOnly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
}

/** What the URL asks of a server; `undefined` where any will do. */
export function requiredOf(params: Parameters): ((status: ServerStatus) => boolean) | undefined {
  const value = params['target_session_attrs']
  return typeof value === 'string' ? conditions[value] : undefined
}
