import { aBoolean, checkOptions, type OptionChecks } from './option-checks.ts'
import { encodePercent } from './percent.ts'
import type { ServerKind } from './dialects/kind.ts'
import { kinds } from './kinds.ts'
import type { Secret } from './secret.ts'
import type { DatabaseTarget, HostPort, ServerTarget, SqliteTarget, TlsSettings } from './target.ts'

/** What {@link formatUrl} shows. */
export interface FormatUrlOptions {
  /** Print secrets. Default: `false`, which prints `***` in their place. */
  readonly reveal?: boolean
}

const formatUrlOptions: OptionChecks<FormatUrlOptions> = { reveal: aBoolean }

/**
 * Writes a target as its canonical URL, fully percent-encoded.
 *
 * @param target - what {@link validateUrl} returned, or an object of that shape.
 * @param options - `reveal`: print secrets; `false` by default.
 * @returns the URL. With `reveal`, reading it again, also with `strict`, gives an equal target.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * const result = validateUrl('postgresql://app:s3cret%23@[::1]/todo?sslmode=require')
 * if (result.valid) {
 *   formatUrl(result.target) // 'postgres://app:***@[::1]:5432/todo?sslmode=require'
 *   formatUrl(result.target, { reveal: true }) // 'postgres://app:s3cret%23@[::1]:5432/todo?sslmode=require'
 * }
 * ```
 */
export function formatUrl(target: DatabaseTarget, options?: FormatUrlOptions): string {
  if (options !== undefined) checkOptions('options', options, formatUrlOptions)
  const reveal = options?.reveal === true
  return target.dialect === 'sqlite' ? formatSqlite(target, reveal) : formatServer(target, reveal)
}

function show(value: string | Secret, reveal: boolean): string {
  if (typeof value === 'string') return encodePercent(value)
  return reveal ? encodePercent(value.reveal()) : '***'
}

function formatServer(target: ServerTarget, reveal: boolean): string {
  const { dialect, user, password, database } = target
  const { scheme, defaultPort } = kinds.get(dialect) as ServerKind
  let url = `${scheme}://`
  if (user) url += encodePercent(user)
  if (password) url += `:${show(password, reveal)}`
  // Without this ":" what follows the one in the name would be read as a password.
  else if (user?.includes(':')) url += ':'
  if (user || password) url += '@'
  let comma = ''
  for (const host of target.hosts) {
    url += comma + formatHost(host, defaultPort)
    comma = ','
  }
  return `${url}/${database ? encodePercent(database) : ''}${formatQuery(target, reveal)}`
}

function formatHost({ host, port }: HostPort, defaultPort: number): string {
  const isSocket = host.startsWith('/')
  if (isSocket && port === defaultPort) return encodePercent(host)
  const isAddress = !isSocket && host.includes(':')
  return `${isAddress ? `[${encodePercent(host).replaceAll('%3A', ':')}]` : encodePercent(host)}:${port}`
}

function formatSqlite(target: SqliteTarget, reveal: boolean): string {
  const path = encodePercent(target.filename).replaceAll('%2F', '/').replaceAll('%3A', ':')
  // Two slashes at the start would make the rest a host.
  return `sqlite:${path.startsWith('//') ? '///' : ''}${path}${formatQuery(target, reveal)}`
}

function formatQuery(target: DatabaseTarget, reveal: boolean): string {
  let query = target.dialect !== 'sqlite' && target.tls ? formatTls(target.tls) : ''
  for (const name of Object.keys(target.params)) {
    const value = target.params[name] as string | Secret
    query += `${query ? '&' : '?'}${encodePercent(name)}=${show(value, reveal)}`
  }
  return query
}

function formatTls({ mode, ca, cert, key }: TlsSettings): string {
  let query = `?sslmode=${mode}`
  if (ca) query += `&sslrootcert=${encodePercent(ca)}`
  if (cert) query += `&sslcert=${encodePercent(cert)}`
  if (key) query += `&sslkey=${encodePercent(key)}`
  return query
}
