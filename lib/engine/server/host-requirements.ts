import type { Role } from '../../url/dialects/parameter.ts'
import type { ServerStatus } from './server-dialect.ts'

/** Whether a server will do. */
export type HostRequirement = (status: ServerStatus) => boolean

const any: undefined = undefined
const readWrite: HostRequirement = ({ readOnly }) => !readOnly
const readOnly: HostRequirement = (status) => status.readOnly
const primary: HostRequirement = ({ standby }) => !standby
const standby: HostRequirement = (status) => status.standby

/** What each role asks of a server in each round over the hosts; `undefined` is any. */
export const hostRequirements: Readonly<Record<Role, readonly (HostRequirement | undefined)[]>> = {
  any: [any],
  'read-write': [readWrite],
  'read-only': [readOnly],
  primary: [primary],
  standby: [standby],
  'prefer-standby': [standby, any],
  'prefer-primary': [primary, any],
}
