import type { Problem } from '../problem/problem.ts'
import { Secret } from '../url/secret.ts'
import type { ServerTarget } from '../url/target.ts'
import type { Source, TraceStep } from './config.ts'
import { familiesBeside } from './families-beside.ts'
import type { Search } from './find-source.ts'
import { PartReader } from './part-reader.ts'
import { componentFamilies } from './variables.ts'

/** A target with its password, or why that cannot be used. */
interface Unlocked {
  readonly target: ServerTarget
  readonly warnings: readonly Problem[]
  readonly problem?: Problem | undefined
}

/** Where an address of the environment has no password, the variable of the server's own programs may hold it. */
export function readPasswordBesideUrl(
  search: Search,
  source: Source,
  target: ServerTarget,
  trace: TraceStep[],
): Unlocked {
  const none = { target, warnings: [] }
  if (target.password || source.kind === 'option' || search.options.variables) return none
  const variable = target.dialect === 'mysql' ? 'MYSQL_PWD' : 'PGPASSWORD'
  const families = componentFamilies.filter((family) => family.password.includes(variable))
  const meant = familiesBeside(search, source, target)
  const parts = new PartReader(search.env, search.cwd)
  if (!parts.isSet(variable) || !families.every((family) => meant.includes(family))) return none
  const user = parts.read(
    'user',
    families.flatMap((family) => family.user),
  )
  if (user !== undefined && user !== target.user) return none
  const password = parts.read('password', [variable])
  if (parts.problem || !password) return { ...none, problem: parts.problem }
  const why = `it is the password: ${source.name} has none`
  trace.push({ subject: variable, outcome: 'taken', why })
  const unlocked = Object.freeze({ ...target, password: new Secret(password) })
  return { target: unlocked, warnings: parts.warnings }
}
