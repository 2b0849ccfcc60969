import { nearest } from '../url/edit-distance.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { readUrl } from '../url/read-url.ts'
import { isBlank, printable, type Environment } from './environment.ts'
import { findMeantTwin } from './misspelled-twin.ts'
import { tlsBesideUrl } from './tls-variables.ts'
import { componentFamilies } from './variables.ts'

/**
 * Finds a variable whose name is one letter, or one swap, away from one that is searched, or from its `_FILE` twin, or differs by case,
 * and whose value reads as an address, or a path: nobody means anything else by it.
 */
export function findMisspelled(env: Environment, searched: readonly string[]): Problem | undefined {
  const upper = new Map(searched.map((name) => [name.toUpperCase(), name]))
  for (const name of Object.keys(env)) {
    if (name.length > nameLength || searched.includes(name) || isBlank(env[name])) continue
    const isFile = isPath(env[name])
    const said = name.toUpperCase()
    const wanted = [...upper.keys()]
    const meant = isFile ? findMeantTwin(said, wanted, isOneLetterAway) : nearest(said, wanted, 1)
    if (meant === undefined || !(isFile || readUrl(env[name], { subject: name }).valid)) continue
    const suggestion = isFile ? meant : (upper.get(meant) ?? meant)
    return problem('misspelled-variable', { subject: printable(name), suggestion })
  }
  return undefined
}

function isOneLetterAway(said: string, right: string): boolean {
  return nearest(said, [right], 1) !== undefined
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\.{0,2}\/|[a-z]:[\\/])/i.test(value.trim())
}

const nameLength = 64

/** Names that other programs read, and that people set here in vain. */
const knownElsewhere =
  /^(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL)_?(?:URL|URI|DSN|CONNECTION|CONN|CONNECTION_(?:STRING|URL|URI))$|^(?:CONNECTION_STRING|SQLALCHEMY_DATABASE_URI|PRISMA_DATABASE_URL|RDS_HOSTNAME|PGSERVICE|MARIADB_HOST|DATABASE_(?:HOST|FILENAME))$|_(?:DATABASE|POSTGRES|POSTGRESQL|MYSQL|DB)_UR[LI]$/

const nameLimit = 5

/**
 * Says which variables are set that look like one that is searched, but are not: a misspelling, another case, another tool's name.
 *
 * @returns a sentence that names them without values, or an empty text.
 */
export function lookAlikeAdvice(env: Environment, searched: readonly string[]): string {
  const isSearched = new Set(searched.flatMap((name) => [name, `${name}_FILE`]))
  const names = Object.keys(env)
    .filter((name) => /^\w{2,64}$/.test(name) && !isSearched.has(name) && !isBlank(env[name]))
    .filter((name) => looksLike(name.toUpperCase(), searched) || isAddress(name, env[name]))
    .filter((name) => !isOther(name, env[name]))
    .toSorted()
  if (names.length > 0) {
    const shown = names.slice(0, nameLimit).join(', ') + (names.length > nameLimit ? ', …' : '')
    const [verb, pronoun] = names.length === 1 ? ['is', 'its name is'] : ['are', 'their names are']
    return `${shown} ${verb} set, but ${pronoun} not searched: was ${searched[0] ?? 'another name'} meant?`
  }
  return hostlessAdvice(env)
}

const kindVariables = new Set(componentFamilies.flatMap(({ kind = [] }) => kind))

function looksLike(name: string, searched: readonly string[]): boolean {
  if (kindVariables.has(name) || name in tlsBesideUrl) return false
  return knownElsewhere.test(name) || searched.some((wanted) => isNear(name, wanted))
}

/** Whether a variable is called an address, and is one of a database server. */
function isAddress(name: string, value: unknown): boolean {
  if (!/(?:UR[LI]|DSN)$/i.test(name)) return false
  const read = readUrl(value, { subject: name })
  return read.valid && read.target.dialect !== 'sqlite'
}

/** Whether a value is the address of something else, such as Redis, which is not meant under another name either. */
function isOther(name: string, value: unknown): boolean {
  const read = readUrl(value, { subject: name })
  return !read.valid && ['unsupported-scheme', 'http-url'].includes(read.problems[0].code)
}

function hostlessAdvice(env: Environment): string {
  for (const { kind = [], host, user, database, password } of componentFamilies) {
    const name = [...user, ...database, ...password, ...kind].find((one) => !isBlank(env[one]))
    if (name === undefined) continue
    const orFile = kind.includes(name) ? `, or for SQLite with ${database.join(' or ')}` : ''
    return `${name} is set, but counts only together with ${host[0]}${orFile}.`
  }
  return ''
}

/** At most two letters missing, added, changed or swapped in a long name. */
function isNear(name: string, wanted: string): boolean {
  return wanted.length >= 8 && nearest(name, [wanted], 2) !== undefined
}
