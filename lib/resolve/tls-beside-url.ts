import { problem, type Problem } from '../problem/problem.ts'
import type { Setting } from '../url/field.ts'
import { Findings } from '../url/findings.ts'
import type { Secret } from '../url/secret.ts'
import { readSettings } from '../url/settings.ts'
import type { ServerTarget, TlsSettings } from '../url/target.ts'
import { isTlsParameter, tlsDemands, tlsModes } from '../url/tls-parameters.ts'
import { readTls } from '../url/tls.ts'
import type { Source } from './config.ts'
import { isBlank } from './environment.ts'
import type { Search } from './find-source.ts'
import { PartReader } from './part-reader.ts'
import { componentFamilies, parametersOf, tlsBesideUrl, type ComponentFamily } from './variables.ts'

/** A target, and what was said of its encryption elsewhere than in its URL; or what cannot be used of that. */
interface Encrypted {
  readonly target: ServerTarget
  readonly warnings: readonly Problem[]
  readonly problem?: Problem | undefined
}

/** A parameter, and the variable that sets it. */
interface Wish extends Setting {
  readonly variable: string
}

/**
 * Where a URL says nothing of encryption, variables beside it may ask for it, as `PGSSLMODE` does in libpq and `DATABASE_SSL` in many
 * programs. The strongest wish counts; one for less than is tried anyway does not.
 */
export function readTlsBesideUrl(search: Search, source: Source, target: ServerTarget): Encrypted {
  const isUrl = source.kind === 'variable' || source.kind === 'file'
  if (!isUrl || search.options.variables) return { target, warnings: [] }
  const parts = new PartReader(search.env, search.cwd)
  const wishes = groupsFor(search, target).flatMap((group) => readGroup(group, parts))
  const invalid = wishes.flatMap((wish) => invalidWish(wish) ?? [])
  const refused = parts.problem ?? invalid.find(({ wish }) => isStrict(wish))?.problem
  if (refused) return { target, warnings: [], problem: refused }
  const clear = wishes.filter((wish) => invalid.every((each) => each.wish !== wish))
  const warnings = invalid.map((each) => each.problem)
  const encrypted = encrypt(target, clear)
  if (!encrypted) return { target, warnings }
  const read = readSettings(encrypted)
  if (!read.ok)
    return { target, warnings, problem: problem('invalid-parameter', { subject, ...read.invalid[0] }) }
  const taken = clear.filter((wish) => !isLibpq(wish) && isStrong(tlsOf(wish)))
  return {
    target: encrypted,
    warnings: [...warnings, ...taken.map(({ variable }) => spelling(variable, encrypted.tls!.mode))],
  }
}

const subject = 'The environment'

function spelling(variable: string, mode: string): Problem {
  return problem('tls-parameter', { subject, parameter: variable, mode })
}

/** Parameters by the variables that set them: those of the kind of server, where they belong to no other one. */
function groupsFor({ env }: Search, target: ServerTarget): readonly Readonly<Record<string, string>>[] {
  const hosts = new Set(target.hosts.map(({ host }) => host.toLowerCase()))
  const isMeant = ({ scheme = target.dialect, host }: ComponentFamily): boolean => {
    const named = host.find((name) => !isBlank(env[name]) || !isBlank(env[`${name}_FILE`]))
    const isKind = (scheme === 'mysql') === (target.dialect === 'mysql')
    return isKind && (named === undefined || hostsIn(env[named]).some((one) => hosts.has(one)))
  }
  const families = componentFamilies.filter(isMeant)
  return [...families.map((family) => parametersOf(family, target.dialect)), tlsBesideUrl]
}

function hostsIn(value: unknown): readonly string[] {
  const list = String(value).toLowerCase().split(',')
  return list.map((one) =>
    one
      .trim()
      .replace(/^["']|["']$/g, '')
      .replace(/:\d+$/, ''),
  )
}

/** What is said of encryption in variables of one prefix. Whoever wants none leaves open how the server would be checked. */
function readGroup(group: Readonly<Record<string, string>>, parts: PartReader): readonly Wish[] {
  const wishes = Object.entries(group).flatMap(([variable, name]) => {
    const value = isAboutEncryption(name) ? parts.read('parameter', [variable]) : undefined
    return value === undefined ? [] : [{ variable, name, value, text: value, start: 0 }]
  })
  const isOff = wishes.some((wish) => !invalidWish(wish) && tlsOf(wish)?.mode === 'disable')
  return isOff ? [] : wishes
}

const versions: ReadonlySet<string> = new Set([
  'sslcrl',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
])

function isAboutEncryption(name: string): boolean {
  return isTlsParameter(name) || tlsDemands.has(name) || versions.has(name)
}

function isLibpq({ variable }: Wish): boolean {
  return variable.startsWith('PG')
}

/** A switch of another program may say what only that program knows; a file is a file, and libpq's words are known. */
function isStrict(wish: Wish): boolean {
  return isLibpq(wish) || wish.name !== 'ssl'
}

function tlsOf(wish: Wish, found = new Findings('', false)): TlsSettings | undefined {
  return isTlsParameter(wish.name) ? readTls([wish], [], found) : readTls([], [wish], found)
}

function invalidWish(wish: Wish): { readonly wish: Wish; readonly problem: Problem } | undefined {
  const found = new Findings(wish.variable, false)
  tlsOf(wish, found)
  const [first] = found.problems
  return first && { wish, problem: { code: first.code, message: first.message, hint: first.hint } }
}

function isStrong(tls: TlsSettings | undefined): boolean {
  return tls !== undefined && tlsModes.indexOf(tls.mode) >= tlsModes.indexOf('require')
}

/** The target with all wishes, where they ask for more than its URL does. */
function encrypt(target: ServerTarget, wishes: readonly Wish[]): ServerTarget | undefined {
  const all = wishes.map((wish) => tlsOf(wish)).filter((tls) => tls !== undefined)
  const strongest = tlsModes.findLast((mode) => all.some((tls) => tls.mode === mode)) ?? 'disable'
  const files = Object.assign({}, ...all.toReversed(), target.tls) as TlsSettings
  const tls = Object.freeze({ ...files, mode: target.tls?.mode ?? strongest })
  const isMore = Object.keys(tls).length > Object.keys(target.tls ?? {}).length
  if (!isStrong(tls) || !isMore) return undefined
  const params = Object.assign(Object.create(null), target.params) as Record<string, string | Secret>
  for (const { name, value } of wishes) if (!isTlsParameter(name)) params[name] ??= value
  return Object.freeze({ ...target, tls, params: Object.freeze(params) })
}
