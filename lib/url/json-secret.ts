import { problem } from '../problem/problem.ts'
import type { ServerKind } from './dialects/kind.ts'
import type { Address, Field, Piece, Setting } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { dialects } from './kinds.ts'
import { leadingKind } from './leading-url.ts'
import { nearTlsParameter } from './near-tls.ts'
import { holdsPassword, saysTls } from './said-beside.ts'
import { isTlsParameter, plainTls } from './tls-parameters.ts'

/** A secret as stores such as that of AWS keep it: one object with a field for each part of an address. */
export type JsonSecret = Readonly<Record<string, unknown>>

/** Names of the fields, in the order in which they count. */
const fields = {
  user: ['username', 'user'],
  password: ['password', 'pass', 'pwd'],
  host: ['host', 'hostname', 'endpoint'],
  port: ['port'],
  database: ['dbname', 'database', 'db', 'dbName'],
} as const

/** Names of a field that holds the whole URL. */
const urlFields = ['uri', 'url', 'connectionString', 'connection_string', 'DATABASE_URL'] as const

/** Reads a text as the JSON of a secret store, quotes escaped or not; nothing where it is another text. */
export function parseJsonSecret(text: string): JsonSecret | undefined {
  if (!/^\{[^]*\}$/.test(text)) return undefined
  const value = parse(text) ?? parse(parse(`"${text}"`))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const known = [...Object.values(fields).flat(), 'engine', 'dbInstanceIdentifier', 'dbClusterIdentifier']
  const isSecret = known.some((name) => Object.hasOwn(value, name))
  const isUrlBeside = Object.keys(value).length > 1 && urlOf(value as JsonSecret) !== undefined
  return isSecret || isUrlBeside ? (value as JsonSecret) : undefined
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined
  } catch {
    return undefined
  }
}

/** Takes the whole URL out of a secret that holds one beside the parts, with what those say of encryption and it does not. */
export function unwrapJsonUrl(secret: JsonSecret, piece: Piece, found: Findings): Piece | undefined {
  const url = urlOf(secret)
  const kind = url === undefined ? undefined : serverOf(url)
  // Where the password stands beside the URL, the parts say more.
  if (url === undefined || !kind || (first(secret, fields.password) !== undefined && !holdsPassword(url)))
    return undefined
  found.repair('json-secret', { dialect: kind.name }, span(piece))
  const beside = settingsOf(secret, kind, 0)
    .filter(({ name }) => isTlsParameter(name))
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  if (saysTls(url) || beside.length === 0) return { text: url, start: piece.start }
  const separator = url.includes('?') ? (/[?&]$/.test(url) ? '' : '&') : '?'
  return { text: `${url}${separator}${beside.join('&')}`, start: piece.start }
}

/** The URL of a server that a secret holds whole. */
function urlOf(secret: JsonSecret): string | undefined {
  return urlFields.map((name) => String(secret[name])).find(serverOf)
}

/** The kind of server that a URL names. */
function serverOf(url: string): ServerKind | undefined {
  const kind = /^\w/.test(url) && url.includes('://') ? leadingKind(url) : undefined
  return kind?.dialect === 'sqlite' ? undefined : kind
}

/** Gives the fields of a secret the meaning of an address. Without a host, or a kind of database, it is none. */
export function readJsonSecret(
  secret: JsonSecret,
  piece: Piece,
  found: Findings,
): { readonly address: Address; readonly kind: ServerKind } | undefined {
  const { host, port } = hostOf(secret)
  const kind = kindOf(secret['engine'], port)
  if (host === undefined || typeof kind === 'string' || kind === undefined) {
    const why =
      host === undefined
        ? 'it has no host'
        : kind === undefined
          ? 'it has no engine'
          : 'its engine is another one'
    found.problems.push(problem('json-secret', { subject: found.subject, why }, { at: span(piece) }))
    return undefined
  }
  found.repair('json-secret', { dialect: kind.name }, span(piece))
  const part = (value: string | undefined): Field | undefined =>
    value === undefined ? undefined : { value, text: value, start: piece.start }
  return {
    kind,
    address: {
      user: part(first(secret, fields.user)),
      password: part(first(secret, fields.password)),
      host: part(host),
      port: part(port),
      database: part(first(secret, fields.database)),
      settings: settingsOf(secret, kind, piece.start),
    },
  }
}

/** `host` may end with the port, as the endpoint of RDS is written. */
function hostOf(secret: JsonSecret): { host: string | undefined; port: string | undefined } {
  const said = first(secret, fields.host)
  const [, host, port] = /^([^:]+):(\d+)$/.exec(said ?? '') ?? []
  return { host: host ?? said, port: first(secret, fields.port) ?? port }
}

function first(secret: JsonSecret, names: readonly string[]): string | undefined {
  const value = names
    .map((name) => secret[name])
    .find((each) => each !== undefined && each !== null && each !== '')
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return undefined
  return names === fields.password ? value : value.trim()
}

/** The database that an engine, or else the usual port, stands for; `other` where it is none of those. */
function kindOf(engine: unknown, port: string | undefined): ServerKind | 'other' | undefined {
  const servers = [dialects.postgres, dialects.cockroachdb, dialects.mysql]
  if (typeof engine !== 'string' || engine.trim() === '') {
    return servers.find(({ defaultPort }) => String(defaultPort) === port)
  }
  const name = engine.trim().toLowerCase()
  if (/sqlserver|oracle|mongo|redshift|docdb|db2|redis/.test(name)) return 'other'
  if (/postgres|^pg/.test(name)) return dialects.postgres
  if (/cockroach/.test(name)) return dialects.cockroachdb
  return /mysql|maria|^aurora$/.test(name) ? dialects.mysql : 'other'
}

/** Names of drivers that stand beside the address there, and in a URL within "ssl". */
const within: Readonly<Record<string, string>> = {
  rejectunauthorized: 'ssl[rejectUnauthorized]',
  sslrejectunauthorized: 'ssl[rejectUnauthorized]',
  cacert: 'sslrootcert',
  cacertificate: 'sslrootcert',
}

/** Of a variable such as `PGSSLMODE`. */
const variablePrefix = /^(?:PG|POSTGRES|MYSQL|DB|DATABASE)_?(?=SSL|TLS)/

/** The parameter that a field stands for. */
function nameOf(field: string): string {
  const name = field.replace(variablePrefix, '')
  return within[plainTls(name)] ?? name
}

/** What a secret says besides the address, as far as a URL could say it: in fields of its own, or within one such as "options". */
function settingsOf(secret: object, kind: ServerKind, start: number, isOuter = true): Setting[] {
  return Object.entries(secret).flatMap(([field, value]: [string, unknown]) => {
    const name = nameOf(field)
    const isAboutTls = isTlsParameter(name) || nearTlsParameter(name)
    const isObject = typeof value === 'object' && value !== null
    if (isObject && !isAboutTls) return isOuter ? settingsOf(value, kind, start, false) : []
    if (value === null || !(isAboutTls || kind.parameters.has(name.toLowerCase()))) return []
    // As the drivers of Node.js have it: {"rejectUnauthorized":false}.
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [{ name, value: text, text, start }]
  })
}
