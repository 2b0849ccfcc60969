import { problem, type Problem } from '../problem/problem.ts'
import { cleanValue } from '../url/clean.ts'
import type { Setting } from '../url/field.ts'
import { Findings } from '../url/findings.ts'
import { readUrl } from '../url/read-url.ts'
import type { ServerTarget, TlsSettings } from '../url/target.ts'
import { isTlsParameter, tlsModes } from '../url/tls-parameters.ts'
import { readTls } from '../url/tls.ts'
import { assemble, leadingVariable } from './components.ts'
import type { Source } from './config.ts'
import { isSameDatabase } from './conflicts.ts'
import { isBlank, type Environment } from './environment.ts'
import type { Search } from './find-source.ts'
import { componentFamilies, tlsBesideUrl, type ComponentFamily } from './variables.ts'

/** A target, and what was said of its encryption elsewhere than in its URL. */
interface Encrypted {
  readonly target: ServerTarget
  readonly warnings: readonly Problem[]
}

/** A variable that says something about encryption; its text is the name of the variable. */
type Wish = Setting

/**
 * Where a URL says nothing of encryption, a variable beside it may ask for it, as `PGSSLMODE` does in libpq and `DATABASE_SSL` in many
 * programs. Such a wish counts; one for less than is tried anyway does not.
 */
export function readTlsBesideUrl(search: Search, source: Source, target: ServerTarget): Encrypted {
  const isUrl = source.kind === 'variable' || source.kind === 'file'
  if (!isUrl || target.tls || search.options.variables) return { target, warnings: [] }
  const wishes = findWishes(search, target)
  const clear = wishes.filter((wish) => isClear([wish]))
  const tls = readTls(clear, [], new Findings('', false))
  const warnings = wishes.filter((wish) => !clear.includes(wish)).map((wish) => warning(wish, 'prefer'))
  if (!tls || !isStrong(tls)) return { target, warnings }
  return {
    target: Object.freeze({ ...target, tls }),
    warnings: [...warnings, ...clear.map((wish) => warning(wish, tls.mode))],
  }
}

function isClear(wishes: readonly Wish[]): boolean {
  const found = new Findings('', false)
  readTls(wishes, [], found)
  return found.problems.length === 0
}

function isStrong({ mode }: TlsSettings): boolean {
  return tlsModes.indexOf(mode) >= tlsModes.indexOf('require')
}

function warning({ text }: Wish, mode: string): Problem {
  return problem('tls-parameter', { subject: 'The environment', parameter: text, mode })
}

/** What the variables say that belong to this kind of server, and to no other address. */
function findWishes({ env, cwd }: Search, target: ServerTarget): readonly Wish[] {
  const families = componentFamilies.filter((family) => belongs(family, env, target, cwd))
  const names = Object.assign({}, tlsBesideUrl, ...families.map(({ parameters }) => parameters)) as Readonly<
    Record<string, string>
  >
  const wishes = Object.entries(names)
    .filter(([variable, name]) => isTlsParameter(name) && !isBlank(env[variable]))
    .map(([variable, name]) => ({ name, value: clean(env[variable]), text: variable, start: 0 }))
  // Whoever wants no encryption leaves open how the server would be checked.
  const isOff = wishes.some(({ name, value }) => name === 'ssl' && /^(?:false|0|off|no)$/i.test(value))
  return isOff ? wishes.filter(({ name }) => name !== 'sslverify') : wishes
}

function clean(value: unknown): string {
  return cleanValue(String(value), new Findings('', false))
}

function belongs(family: ComponentFamily, env: Environment, target: ServerTarget, cwd: string): boolean {
  const { scheme = target.dialect } = family
  const isKind = (scheme === 'mysql') === (target.dialect === 'mysql')
  if (!isKind || leadingVariable(env, family) === undefined) return isKind
  const assembly = assemble(env, family, cwd)
  const read = assembly.ok ? readUrl(assembly.url, { subject: '' }) : undefined
  return read?.valid === true && isSameDatabase(read.target, target)
}
