import { problem, type Problem } from '../problem/problem.ts'
import type { Secret } from '../url/secret.ts'
import { readSettings } from '../url/settings.ts'
import type { ServerTarget, TlsSettings } from '../url/target.ts'
import { isTlsFile, isTlsParameter, tlsDemands, tlsFileOf, tlsModes } from '../url/tls-parameters.ts'
import type { Source } from './config.ts'
import { familiesBeside } from './families-beside.ts'
import type { Search } from './find-source.ts'
import { refuseMisspelledWish } from './misspelled-parts.ts'
import { PartReader } from './part-reader.ts'
import { tlsBesideUrl } from './tls-variables.ts'
import { parametersOf } from './variables.ts'
import { isLibpq, isLoose, isOff, isStrict, readWishes, type Wish } from './wish.ts'

/** A target, and what was said of its encryption elsewhere than in its URL; or what cannot be used of that. */
interface Encrypted {
  readonly target: ServerTarget
  readonly warnings: readonly Problem[]
  readonly problem?: Problem | undefined
}

/**
 * Where an address of the environment says nothing of encryption, variables beside it may ask for it, as `PGSSLMODE` does in libpq and
 * `DATABASE_SSL` in many programs. The strongest wish counts; one for less than is tried anyway does not.
 */
export function readTlsBesideUrl(search: Search, source: Source, target: ServerTarget): Encrypted {
  if (source.kind === 'option' || search.options.variables) return { target, warnings: [] }
  const parts = new PartReader(search.env, search.cwd)
  const families = familiesBeside(search, source, target)
  const groups = [...families.map((family) => parametersOf(family, target.dialect)), tlsBesideUrl]
  if (!isStrong(target.tls)) refuseMisspelledWish(Object.assign({}, ...groups), parts)
  const wishes = groups.flatMap((group) => readGroup(group, target, parts))
  const refused = parts.problem ?? wishes.find((wish) => wish.problem && isStrict(wish))?.problem
  if (refused) return { target, warnings: [], problem: refused }
  const clear = wishes.filter((wish) => !wish.problem)
  const warnings = [...parts.warnings, ...wishes.flatMap((wish) => wish.problem ?? [])]
  const encrypted = encrypt(target, clear)
  if (!encrypted) return { target, warnings }
  const read = readSettings(encrypted)
  if (!read.ok)
    return { target, warnings, problem: problem('invalid-parameter', { subject, ...read.invalid[0] }) }
  const taken = clear.filter((wish) => !isLibpq(wish) && isStrong(wish.tls))
  return {
    target: encrypted,
    warnings: [...warnings, ...taken.map(({ variable }) => spelling(variable, encrypted.tls!.mode))],
  }
}

const subject = 'The environment'

function spelling(variable: string, mode: string): Problem {
  return problem('tls-parameter', { subject, parameter: variable, mode })
}

/** What is said of encryption in variables of one prefix. Whoever wants none leaves open how the server would be checked. */
function readGroup(
  group: Readonly<Record<string, string>>,
  target: ServerTarget,
  parts: PartReader,
): readonly Wish[] {
  const asked = Object.entries(group).filter(([, name]) => isAboutEncryption(name))
  const wishes = readWishes(Object.fromEntries(asked), parts, (name) => namesFile(name, target))
  const firm = wishes.filter((wish) => !isLoose(wish))
  if (isOff(firm)) return []
  return isOff(wishes) ? firm : wishes
}

/** Whether a file is named, and the URL leaves it to a variable. */
function namesFile(name: string, { tls }: ServerTarget): boolean {
  const file = tlsFileOf(name)
  return isTlsFile(name) && tls?.mode !== 'disable' && !(file && tls?.[file])
}

const versions: ReadonlySet<string> = new Set([
  'sslcrl',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
])

function isAboutEncryption(name: string): boolean {
  return isTlsParameter(name) || tlsDemands.has(name) || versions.has(name)
}

function isStrong(tls: TlsSettings | undefined): boolean {
  return tls !== undefined && tlsModes.indexOf(tls.mode) >= tlsModes.indexOf('require')
}

/** The target with all wishes, where they ask for more than its URL does. */
function encrypt(target: ServerTarget, wishes: readonly Wish[]): ServerTarget | undefined {
  const all = wishes.map(({ tls }) => tls).filter((tls) => tls !== undefined)
  const strongest = tlsModes.findLast((mode) => all.some((tls) => tls.mode === mode)) ?? 'disable'
  const files = Object.assign({}, ...all.toReversed(), target.tls) as TlsSettings
  const tls = Object.freeze({ ...files, mode: target.tls?.mode ?? strongest })
  const isMore = Object.keys(tls).length > Object.keys(target.tls ?? {}).length
  if (!isStrong(tls) || !isMore) return undefined
  const params = Object.assign(Object.create(null), target.params) as Record<string, string | Secret>
  for (const { name, value } of wishes) if (!isTlsParameter(name)) params[name] ??= value
  return Object.freeze({ ...target, tls, params: Object.freeze(params) })
}
