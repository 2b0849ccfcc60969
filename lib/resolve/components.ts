import { problem, type Problem } from '../problem/problem.ts'
import { describeType, isBlank, printable, type Environment } from './environment.ts'
import { readSecretFile } from './secret-file.ts'
import { databaseKinds, kindsByPort, type ComponentFamily } from './variables.ts'

/** The parts of an address as one URL, or why they make none. */
export type Assembly =
  | { readonly ok: true; readonly url: string; readonly subject: string }
  | { readonly ok: false; readonly problem: Problem }

type Part = { readonly name: string; readonly text: string } | undefined

/** Thrown by {@link readPart} to the one place that catches it: a part that is wrong ends the whole assembly. */
class Refusal {
  readonly problem: Problem
  constructor(refused: Problem) {
    this.problem = refused
  }
}

/**
 * Finds the variable of a family that names a host.
 *
 * @param env - the environment.
 * @param family - the family.
 */
export function hostVariable(env: Environment, family: ComponentFamily): string | undefined {
  return family.host.flatMap((name) => [name, `${name}_FILE`]).find((name) => !isBlank(env[name]))
}

/**
 * Makes one URL of the variables of a family, with every part encoded.
 *
 * @param env - the environment.
 * @param family - the family; it names a host.
 * @param cwd - the directory that relative paths of secret files start from.
 */
export function assemble(env: Environment, family: ComponentFamily, cwd: string): Assembly {
  const names: string[] = []
  const part: ReadPart = (candidates = []) => {
    const found = readPart(env, candidates, cwd)
    if (found) names.push(found.name)
    return found?.text
  }
  try {
    const url = assembleUrl(family, part)
    return { ok: true, url, subject: `The address in ${names.join(', ')}` }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem }
    throw error
  }
}

/** Reads the first of several variables that is set. */
type ReadPart = (candidates?: readonly string[]) => string | undefined

function assembleUrl(family: ComponentFamily, part: ReadPart): string {
  const host = part(family.host)!.trim()
  const port = part(family.port)?.trim().replace(serviceLink, '$1')
  const scheme = family.scheme ?? schemeOf(part(family.kind), port, family)
  const user = part(family.user)
  const password = part(family.password)
  const database = part(family.database)
  if (scheme === 'sqlite') return sqliteUrl(database, family)
  if (/:\/\/|@/.test(host)) throw new Refusal(wholeUrl(family.host[0]!))
  const url = `${scheme}://${authority(user, password, host, port)}/${encodeURIComponent(database ?? '')}`
  const query = Object.entries(family.parameters ?? {}).flatMap(([name, parameter]) => {
    const value = part([name])
    return value === undefined ? [] : [`${parameter}=${encodeURIComponent(value)}`]
  })
  return query.length > 0 ? `${url}?${query.join('&')}` : url
}

function sqliteUrl(path: string | undefined, { kind = [], database }: ComponentFamily): string {
  if (path !== undefined) return `sqlite:${path.split('/').map(encodeURIComponent).join('/')}`
  const missing = problem('missing-database', { subject: kind.join(' or '), scheme: 'sqlite' })
  throw new Refusal({ ...missing, hint: `Set ${database.join(' or ')} to the path of the SQLite file.` })
}

/** Kubernetes sets `POSTGRES_PORT=tcp://10.0.0.1:5432` for a service named postgres. */
const serviceLink = /^tcp:\/\/.*:(\d+)$/

function readPart(env: Environment, candidates: readonly string[], cwd: string): Part {
  for (const name of candidates) {
    const value = env[name]
    const fileName = `${name}_FILE`
    const file = env[fileName]
    if (!isBlank(value) && !isBlank(file)) throw new Refusal(bothSet(name))
    if (!isBlank(value)) return { name, text: text(name, value) }
    if (isBlank(file)) continue
    const secret = readSecretFile(fileName, file, cwd)
    if (!secret.ok) throw new Refusal(secret.problem)
    return { name: fileName, text: secret.text }
  }
  return undefined
}

/**
 * The problem of a variable and its `_FILE` twin that are both set.
 *
 * @param name - the variable.
 */
export function bothSet(name: string): Problem {
  const advice = `Keep ${name} or ${name}_FILE, and remove the other.`
  return problem('secret-file', { subject: name, why: `and ${name}_FILE are both set`, advice })
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string')
    throw new Refusal(problem('not-a-string', { subject: name, type: describeType(value) }))
  const whole = unexpanded.exec(value.trim())
  if (whole) throw new Refusal(problem('unexpanded-variable', { subject: name, name: whole[0] }))
  return value
}

const unexpanded = /^(?:\$[A-Za-z_]\w*|\$\{[^}]*\}|\$\{\{[^}]*\}\}|\{\{[^}]*\}\}|%[A-Za-z_]\w*%)$/

function schemeOf(kind: string | undefined, port: string | undefined, family: ComponentFamily): string {
  const scheme = kind === undefined ? kindsByPort[port ?? ''] : databaseKinds[kind.trim().toLowerCase()]
  if (scheme) return scheme
  const advice = `Set ${family.kind?.join(' or ')} to postgres or mysql.`
  const values = { subject: family.host[0]!, scheme: printable(kind ?? ''), advice }
  throw new Refusal(kind === undefined ? noKind(family) : problem('unsupported-scheme', values))
}

function noKind(family: ComponentFamily): Problem {
  const advice = `Set ${family.kind?.join(' or ')} to postgres or mysql, or use DATABASE_URL.`
  return problem('missing-scheme', { subject: `The address in ${family.host[0]}`, advice })
}

function wholeUrl(name: string): Problem {
  const advice = 'Put the URL into DATABASE_URL, and the name of the host alone here.'
  return problem('invalid-host', { subject: name, why: 'it looks like a whole URL', advice })
}

function authority(
  user: string | undefined,
  password: string | undefined,
  host: string,
  port: string | undefined,
): string {
  const ports = port === undefined ? [] : port.split(',').map((one) => one.trim())
  const hosts = host.split(',').map((one, index) => {
    const number = ports.length === 1 ? ports[0] : ports[index]
    return encodeHost(one.trim()) + (number ? `:${encodeURIComponent(number)}` : '')
  })
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const userPart = user === undefined && !secret ? '' : `${encodeURIComponent(user ?? '')}${secret}@`
  return userPart + hosts.join(',')
}

function encodeHost(host: string): string {
  const isIpv6 = host.split(':').length > 2
  if (isIpv6) return host.startsWith('[') ? host : `[${host}]`
  return encodeURIComponent(host).replace('%3A', ':')
}
