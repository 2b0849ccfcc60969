import type { Parameters } from '../../url/target.ts'
import { readParameters } from './parameters.ts'
import type { ServerStatus } from './server-dialect.ts'

/** Whether a server will do. */
export type Demand = (status: ServerStatus) => boolean

const any: undefined = undefined
const readWrite: Demand = ({ readOnly }) => !readOnly
const primary: Demand = ({ standby }) => !standby
const standby: Demand = (status) => status.standby

/** Which server of a list will do, in each round over it (PostgreSQL documentation, libpq, "target_session_attrs"). */
const rounds: Readonly<Record<string, readonly (Demand | undefined)[]>> = {
  any: [any],
  'read-write': [readWrite],
  'read-only': [({ readOnly }) => readOnly],
  primary: [primary],
  standby: [standby],
  'prefer-standby': [standby, any],
  // In the words of PostgreSQL's JDBC driver ("targetServerType").
  master: [primary],
  secondary: [standby],
  slave: [standby],
  preferprimary: [primary, any],
  prefersecondary: [standby, any],
  preferslave: [standby, any],
}

/** What the URL asks of a server in each round over the hosts; `undefined` is any. */
export function demandsOf(params: Parameters): readonly (Demand | undefined)[] {
  const texts = readParameters(params)
  const said = texts.get('target_session_attrs') ?? texts.get('targetservertype') ?? 'any'
  return rounds[said.toLowerCase()] ?? [any]
}
