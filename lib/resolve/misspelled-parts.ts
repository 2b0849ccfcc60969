import { problem, type Problem } from '../problem/problem.ts'
import { nearest } from '../url/edit-distance.ts'
import { isTlsFile, isTlsParameter } from '../url/tls-parameters.ts'
import { printable } from './environment.ts'
import { findMeantTwin } from './misspelled-twin.ts'
import { serviceLink, type PartReader } from './part-reader.ts'
import { looseVariables, tlsBesideUrl } from './tls-variables.ts'
import { componentFamilies, type ComponentFamily } from './variables.ts'

/** A part of an address, or a wish for encryption, must not get lost by the spelling of its variable. */
export function refuseMisspelled(family: ComponentFamily, parts: PartReader): void {
  const { port, user, password, database, parameters = {} } = family
  const ofParts = [port, user, password, database].filter((names) => !names.some((name) => parts.isSet(name)))
  const ofOthers = componentFamilies.filter((other) => other.host.some((name) => parts.isSet(name)))
  const known = new Set([family, ...ofOthers].flatMap(namesOf))
  const set = parts.setNames.filter((name) => !known.has(name) && !serviceLink.test(parts.textOf(name)))
  const found = findMeant(set, [...ofParts.flat(), ...unset(Object.keys(parameters), parts)])
  if (found) parts.refuse(found)
}

/** A wish for encryption beside a URL, under a misspelled name. Whoever wishes for none loses nothing. */
export function refuseMisspelledWish(parameters: Readonly<Record<string, string>>, parts: PartReader): void {
  const known = new Set([...componentFamilies.flatMap(namesOf), ...Object.keys(tlsBesideUrl)])
  const names = Object.keys(parameters).filter((name) => saysMode(parameters[name]!))
  const set = parts.setNames.filter((name) => !known.has(name) && !weak.test(parts.textOf(name)))
  const found = findMeant(set, unset(names, parts))
  if (found) parts.refuse(found)
}

const weak = /^\W*(?:false|0|off|no|none|disabled?|allow|prefer(?:red)?)\W*$/i

function saysMode(parameter: string): boolean {
  return isTlsParameter(parameter) && (!isTlsFile(parameter) || parameter === 'sslrootcert')
}

/** Short names, and those that may mean something else, are near to too many. */
function unset(names: readonly string[], parts: PartReader): readonly string[] {
  return names.filter((name) => name.length > 7 && !looseVariables.has(name) && !parts.isSet(name))
}

function namesOf({ host, port, user, password, database, parameters = {} }: ComponentFamily): string[] {
  const names = [...host, ...port, ...user, ...password, ...database, ...Object.keys(parameters)]
  return names.flatMap((name) => [name, `${name}_FILE`])
}

/** The problem of the first of some variables that was probably meant to be one that is wanted. */
function findMeant(names: readonly string[], wanted: readonly string[]): Problem | undefined {
  for (const name of names.filter((each) => /^[DMP]\w{4,40}$/.test(each))) {
    const suggestion = wanted.find((each) => isMisspelled(name, each)) ?? findTwin(name, wanted)
    if (suggestion) return problem('misspelled-variable', { subject: printable(name), suggestion })
  }
  return undefined
}

function findTwin(name: string, wanted: readonly string[]): string | undefined {
  // The file of libpq that is called so holds more than a password.
  return /^PG_?PASS_FILE$/.test(name) ? undefined : findMeantTwin(name, wanted, isMisspelled)
}

/** Names that are near, but mean something else: another server, a second database, how SQL is read. */
const others = /\d|^MSSQL|SQL_?MODE$|^POSTGRESQL_ENABLE_TLS$|^PG_OPTIONS?$/

/** Whether a name has other underscores, or is one letter or one swap away, where that makes no other word of it. */
function isMisspelled(name: string, wanted: string): boolean {
  const [said, right] = [plain(name), plain(wanted)]
  if (others.test(name) || said === `${right}S`) return false
  if (said === right) return true
  const [, prefix = '', word = ''] = /^(PG|POSTGRES|MYSQL|MARIADB|DATABASE|DB)(.*)$/.exec(right) ?? []
  // "FB_PASSWORD" and "DBA_PASSWORD" are of other programs.
  if (!said.startsWith(prefix)) {
    return prefix.length > 2 && said.startsWith(prefix.charAt(0)) && isNear(said, right)
  }
  const rest = said.slice(prefix.length)
  if (!rest.startsWith(word.charAt(0)) || !isNear(rest, word)) return false
  return word.length > 4 || letters(rest) === letters(word)
}

function isNear(one: string, other: string): boolean {
  return nearest(one, [other], 1) !== undefined
}

function letters(word: string): string {
  return word.split('').toSorted().join('')
}

/** `PG_SSL_MODE` is no further from `PGSSLMODE` than a letter, and `PGPASS` no further from `PGPASSWORD`. */
function plain(name: string): string {
  return name
    .replaceAll('_', '')
    .replace(/^POSTGRESQL/, 'POSTGRES')
    .replace(/(?:PASS(?:WD)?|PWD)$/, 'PASSWORD')
}
