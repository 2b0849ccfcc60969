import { problem, type Problem } from '../problem/problem.ts'
import { nearest } from '../url/edit-distance.ts'
import { printable } from './environment.ts'
import type { PartReader } from './part-reader.ts'
import { looseVariables } from './tls-variables.ts'
import { componentFamilies, type ComponentFamily } from './variables.ts'

/** A part of an address, or a wish for encryption, must not get lost by the spelling of its variable. */
export function refuseMisspelled(family: ComponentFamily, parts: PartReader): void {
  const set = parts.setNames
  const isSet = (name: string): boolean => set.includes(name) || set.includes(`${name}_FILE`)
  const { port, user, password, database, parameters = {} } = family
  const missing = [port, user, password, database].filter((names) => !names.some(isSet)).flat()
  const ofOthers = componentFamilies.filter((other) => other !== family && other.host.some(isSet))
  const known = new Set([family, ...ofOthers].flatMap(namesOf))
  const firm = Object.keys(parameters).filter((name) => name.length > 7 && !looseVariables.has(name))
  const wanted = [...missing, ...firm.filter((name) => !isSet(name))]
  const found = findMeant(
    set.filter((name) => !known.has(name) && !parts.isServiceLink(name)),
    wanted,
  )
  if (found) parts.refuse(found)
}

function namesOf({ host, port, user, password, database, parameters = {} }: ComponentFamily): string[] {
  return [...host, ...port, ...user, ...password, ...database, ...Object.keys(parameters)]
}

/** The problem of the first of some variables that was probably meant to be one that is wanted. */
export function findMeant(names: readonly string[], wanted: readonly string[]): Problem | undefined {
  for (const name of names) {
    const suggestion = wanted.find((each) => isMisspelled(name, each))
    if (suggestion) return problem('misspelled-variable', { subject: printable(name), suggestion })
  }
  return undefined
}

/** Names that are near, but mean something else: another server, a second database, how SQL is read. */
const others = /\d|^MSSQL|SQL_?MODE$|^POSTGRESQL_ENABLE_TLS$/

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
  return [...word].toSorted().join('')
}

/** `PG_SSL_MODE` is no further from `PGSSLMODE` than a letter, and `PGPASS` no further from `PGPASSWORD`. */
function plain(name: string): string {
  return name
    .replaceAll('_', '')
    .replace(/^POSTGRESQL/, 'POSTGRES')
    .replace(/(?:PASS(?:WD)?|PWD)$/, 'PASSWORD')
}
