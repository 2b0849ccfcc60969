import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isHostList } from './hosts.ts'

/** Whether each host has a login, as in `user:password@host1,user:password@host2`; a password may look like that, but hardly does. */
export function repeatsLogin(userPart: string): boolean {
  const [login = '', ...others] = userPart.split('@')
  const [user] = login.split(':', 1)
  return others.length > 0 && others.every((each) => isHostAndLogin(each, user))
}

function isHostAndLogin(text: string, user: string | undefined): boolean {
  const comma = text.lastIndexOf(',')
  const [name] = text.slice(comma + 1).split(':', 1)
  const isSame = name === user
  // Nobody calls a host "123": another name behind it is the rest of a password.
  const hosts = text.slice(0, Math.max(comma, 0))
  const isLogin = isSame || (text.includes(':', comma) && /[a-z.:[]/i.test(hosts))
  return comma > 0 && isLogin && isHostList(hosts)
}

/** There is one login for all hosts, in libpq too. */
export function refuseLogins({ text, start }: Piece, found: Findings): void {
  const at = start + text.indexOf('@')
  const why = 'what looks like a login stands before each'
  const advice =
    'Write the login once, as in user:password@host1,host2/database; an "@" in a password is %40.'
  found.refuse('invalid-host', { why, advice }, { start: at, end: at + 1 })
}
