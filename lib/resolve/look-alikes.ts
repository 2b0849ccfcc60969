import { nearest } from '../url/edit-distance.ts'
import { isBlank, type Environment } from './environment.ts'
import { componentFamilies } from './variables.ts'

/** Names that other programs read, and that people set here in vain. */
const knownElsewhere =
  /^(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL)_?(?:URL|URI|DSN|CONNECTION|CONN|CONNECTION_(?:STRING|URL|URI))$|^(?:CONNECTION_STRING|SQLALCHEMY_DATABASE_URI|PRISMA_DATABASE_URL|RDS_HOSTNAME)$|_(?:DATABASE|POSTGRES|POSTGRESQL|MYSQL|DB)_UR[LI]$/

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
    .filter((name) => looksLike(name.toUpperCase(), searched))
    .toSorted()
  if (names.length > 0) {
    const shown = names.slice(0, nameLimit).join(', ') + (names.length > nameLimit ? ', …' : '')
    const [verb, pronoun] = names.length === 1 ? ['is', 'its name is'] : ['are', 'their names are']
    return `${shown} ${verb} set, but ${pronoun} not searched: was ${searched[0] ?? 'another name'} meant?`
  }
  return hostlessAdvice(env)
}

function looksLike(name: string, searched: readonly string[]): boolean {
  return knownElsewhere.test(name) || searched.some((wanted) => isNear(name, wanted))
}

function hostlessAdvice(env: Environment): string {
  const family = componentFamilies.find(({ user, database, password }) =>
    [...user, ...database, ...password].some((name) => !isBlank(env[name])),
  )
  if (!family) return ''
  const name = [...family.user, ...family.database, ...family.password].find((one) => !isBlank(env[one]))
  return `${name} is set, but counts only together with ${family.host[0]}.`
}

/** At most two letters missing, added, changed or swapped in a long name. */
function isNear(name: string, wanted: string): boolean {
  return wanted.length >= 8 && nearest(name, [wanted], 2) !== undefined
}
