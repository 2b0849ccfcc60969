import { problem, type Problem } from '../problem/problem.ts'
import { findPathVariable } from '../url/templates.ts'
import { kinds } from '../url/kinds.ts'
import { isAboutTls } from '../url/near-tls.ts'
import { holdsUrl, isLogin, isLoginPath, isUrlPath } from '../url/whole-url.ts'
import { isBlank, printable, type Environment } from './environment.ts'
import { hostPart, isSocket, userPart } from './component-authority.ts'
import { refuseMisspelled } from './misspelled-parts.ts'
import { PartReader, serviceLink } from './part-reader.ts'
import { databaseKinds, kindsByPort, parametersOf, type ComponentFamily } from './variables.ts'
import { isLoose, isOff, isUnchecked, readWishes } from './wish.ts'

/** The parts of an address as one URL, or why they make none. */
export type Assembly = { readonly warnings: readonly Problem[] } & (
  | { readonly ok: true; readonly url: string; readonly subject: string }
  | { readonly ok: false; readonly problem: Problem }
)

/** Finds the variable that makes a family count: one that names a host, or one that says that there is none, beside a SQLite file. */
export function leadingVariable(env: Environment, family: ComponentFamily): string | undefined {
  return firstSet(env, family.host) ?? sqliteVariable(env, family)
}

/** The first of some variables, or of their `_FILE` twins, that is set. */
export function firstSet(env: Environment, names: readonly string[]): string | undefined {
  return names.flatMap((name) => [name, `${name}_FILE`]).find((name) => !isBlank(env[name]))
}

function sqliteVariable(env: Environment, { kind = [], database }: ComponentFamily): string | undefined {
  const isSqlite = (name: string): boolean =>
    databaseKinds.get(String(env[name]).trim().toLowerCase()) === 'sqlite'
  return firstSet(env, database) === undefined ? undefined : kind.find(isSqlite)
}

/** Makes one URL of the variables of a family, with every part encoded. */
export function assemble(env: Environment, family: ComponentFamily, cwd: string): Assembly {
  const parts = new PartReader(env, cwd)
  const url = assembleUrl(family, parts)
  const { warnings, problem: refusal, names } = parts
  if (refusal) return { ok: false, problem: refusal, warnings }
  return { ok: true, url, subject: `The address in ${names.join(', ')}`, warnings }
}

function assembleUrl(family: ComponentFamily, parts: PartReader): string {
  const host = parts.read('host', family.host) ?? ''
  if (/:\/\/|.@/.test(host) && !isSocket(host)) parts.refuse(wholeUrl(family.host[0]!))
  const port = parts.read('port', family.port)?.replace(serviceLink, '$1')
  const scheme = family.scheme ?? schemeOf(family, port, parts)
  const user = parts.read('user', family.user)
  if (isLogin(user ?? '')) parts.refuse(loginAsUser(parts.names.at(-1)!))
  const password = parts.read('password', family.password)
  const database = parts.read('database', family.database)
  const databaseVariable = parts.names.at(-1)!
  checkName(database ?? '', { scheme, subject: databaseVariable }, parts)
  if (scheme === 'sqlite') return sqliteUrl(database, family, parts)
  const place = userPart(user, password) + hostPart(host, port, family, parts)
  const url = `${scheme}://${place}/${encodeURIComponent(database ?? '')}`
  refuseMisspelled(family, parts)
  const query = readQuery(parametersOf(family, scheme), parts)
  return query.length > 0 ? `${url}?${query.join('&')}` : url
}

/** What may be about something else counts only where it can be used, and where nothing switches encryption off. */
function readQuery(parameters: Readonly<Record<string, string>>, parts: PartReader): readonly string[] {
  const wishes = readWishes(parameters, parts)
  const loose = wishes.filter(isLoose)
  parts.warnings.push(...loose.flatMap((wish) => wish.problem ?? []))
  const isNone = isOff(wishes)
  const firm = wishes.filter((wish) => !isLoose(wish) && !(isNone && isUnchecked(wish)))
  const usable = isNone ? [] : loose.filter((wish) => !wish.problem)
  // Of two that set the same parameter, the last one counts.
  return [...usable, ...firm].map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
}

function sqliteUrl(
  path: string | undefined,
  { kind = [], database }: ComponentFamily,
  parts: PartReader,
): string {
  const variable = path === undefined ? undefined : findPathVariable(path)
  if (variable !== undefined) {
    parts.refuse(problem('unexpanded-variable', { subject: database.join(' or '), name: variable }))
  }
  if (path !== undefined) return `sqlite:${path.split('/').map(encodeURIComponent).join('/')}`
  const missing = problem('missing-database', { subject: kind.join(' or '), scheme: 'sqlite' })
  parts.refuse({ ...missing, hint: `Set ${database.join(' or ')} to the path of the SQLite file.` })
  return ''
}

function schemeOf({ kind = [], host }: ComponentFamily, port: string | undefined, parts: PartReader): string {
  const said = parts.read('kind', kind)?.toLowerCase()
  const scheme = said === undefined ? kindsByPort.get(port ?? '') : databaseKinds.get(said)
  if (scheme) return scheme
  const advice = `Set ${kind.join(' or ')} to postgres or mysql, or use DATABASE_URL.`
  const subject = `The address in ${host.join(' or ')}`
  if (said === undefined) parts.refuse(problem('missing-scheme', { subject, advice }))
  else parts.refuse(problem('unsupported-scheme', { subject, scheme: printable(said), advice }))
  return ''
}

/** A name has no parameters: what they ask for would be lost there. Other names with a "?" are possible. */
function checkName(
  database: string,
  { scheme, subject }: { readonly scheme: string; readonly subject: string },
  parts: PartReader,
): void {
  const isFile = scheme === 'sqlite'
  const isUrl = isFile
    ? isUrlPath(database) || isLoginPath(database)
    : database.includes('://') || holdsUrl(database)
  const known = kinds.get(scheme)?.parameters
  const isQuery =
    !isFile &&
    [...database.matchAll(/[?&;]([\w.[\]-]+)=/g)].some(
      ([, name = '']) => isAboutTls(name) || known?.has(name.toLowerCase()),
    )
  const why = isUrl
    ? 'a whole URL belongs into DATABASE_URL'
    : isQuery && 'parameters such as sslmode do not belong into it, but into variables of their own'
  if (!why) return
  const expected = `the name of the database alone: ${why}`
  parts.refuse(problem('invalid-parameter', { subject, parameter: 'database', expected }))
}

/** Of `name:password@host` the password would be the wrong one. */
function loginAsUser(subject: string): Problem {
  const expected = 'the name of the user alone, not a URL or a password'
  return problem('invalid-parameter', { subject, parameter: 'user', expected })
}

function wholeUrl(name: string): Problem {
  const advice = 'Put the URL into DATABASE_URL, and the name of the host alone here.'
  return problem('invalid-host', { subject: name, why: 'it looks like a whole URL', advice })
}
