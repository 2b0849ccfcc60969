import { problem, type Problem } from '../problem/problem.ts'
import { readUrl } from '../url/read-url.ts'
import type { DatabaseTarget, ServerTarget } from '../url/target.ts'
import type { Source, TraceStep } from './config.ts'
import { leadingVariable, assemble } from './components.ts'
import { isBlank } from './environment.ts'
import { searchedFamilies, searchedNames, type Search } from './find-source.ts'
import { isSupabasePooler, isSupabaseServer } from './supabase-hosts.ts'
import { urlVariables } from './variables.ts'

const variants = new Set(urlVariables.filter(({ variant }) => variant).map(({ name }) => name))

/**
 * Compares the source that was taken with the others that are set. Platforms set several names for one database, so equal ones
 * are no conflict, and neither are those that differ by design.
 *
 * @returns at most one `conflicting-variables` warning, which names variables and no values.
 */
export function findConflicts(
  search: Search,
  source: Source,
  target: DatabaseTarget,
  trace: TraceStep[],
): Problem[] {
  if (source.kind === 'option') return []
  const others = otherSources(search, source)
  const different: string[] = []
  for (const { name, url } of others) {
    const reading = readUrl(url, { subject: name })
    const agrees = reading.valid && isSameDatabase(reading.target, target)
    const isVariant = variants.has(name)
    if (!agrees && !isVariant) different.push(name)
    const why = agrees ? 'the same database' : isVariant ? 'another way to it' : 'a different database'
    trace.push({
      subject: name,
      outcome: 'passed-over',
      why: `${source.name} comes first; this names ${why}`,
    })
  }
  if (different.length === 0) return []
  return [problem('conflicting-variables', { subject: source.name, others: different.join(', ') })]
}

function otherSources(search: Search, source: Source): { name: string; url: unknown }[] {
  const { env, options, cwd } = search
  const ownName = source.kind === 'file' ? source.name.replace(/_FILE$/, '') : source.name
  // Laravel's, which counts there before the parts of an address.
  const elsewhere = source.kind === 'components' && source.name.startsWith('DB_') ? ['DB_URL'] : []
  const variables = [...searchedNames(options), ...elsewhere]
    .filter((name) => name !== ownName && !name.endsWith('_FILE') && !isBlank(env[name]))
    .map((name) => ({ name, url: env[name] }))
  const components = searchedFamilies(options).flatMap((family) => {
    const name = leadingVariable(env, family)
    if (name === undefined || name === source.name) return []
    // Secret files are not read for a comparison.
    const plain = Object.fromEntries(Object.entries(env).filter(([key]) => !key.endsWith('_FILE')))
    if (leadingVariable(plain, family) === undefined) return []
    const assembly = assemble(plain, family, cwd)
    if (assembly.ok) return [{ name, url: assembly.url }]
    return assembly.problem.code === 'misspelled-variable' ? [] : [{ name, url: '' }]
  })
  return [...variables, ...components]
}

/** Parts that one side leaves out do not count: components often name a host and a user alone. */
function isSameDatabase(left: DatabaseTarget, right: DatabaseTarget): boolean {
  if (left.dialect === 'sqlite') return right.dialect === 'sqlite' && left.filename === right.filename
  if (right.dialect === 'sqlite') return false
  const [one, other] = [behindPooler(left), behindPooler(right)]
  const keys = ['user', 'database'] as const
  return (
    one.dialect === other.dialect &&
    addresses(one) === addresses(other) &&
    keys.every((key) => one[key] === undefined || other[key] === undefined || one[key] === other[key]) &&
    (!one.password || !other.password || one.password.reveal() === other.password.reveal())
  )
}

function addresses({ hosts }: ServerTarget): string {
  return hosts.map(({ host, port }) => `${host.toLowerCase()}:${port}`).join()
}

/**
 * The server of a project of Supabase, without its poolers: one is at another port of it, and one at another host, where the user is
 * `USER.PROJECT`. On Vercel, Supabase sets a URL of the one and the host of the other.
 */
function behindPooler(target: ServerTarget): ServerTarget {
  const { host = '' } = target.hosts[0] ?? {}
  if (isSupabaseServer(host)) return { ...target, hosts: [{ host, port: 5432 }] }
  const [, user, project] = /^(.+)\.(\w+)$/.exec(target.user ?? '') ?? []
  if (user === undefined || !isSupabasePooler(host)) return target
  return { ...target, user, hosts: [{ host: `db.${project}.supabase.co`, port: 5432 }] }
}
