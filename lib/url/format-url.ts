import { encodePercent } from './percent.ts'
import { kinds, type ServerKind } from './schemes.ts'
import { Secret } from './secret.ts'
import type { DatabaseTarget, HostPort, ServerTarget, SqliteTarget } from './target.ts'

/** What {@link formatUrl} shows. */
export interface FormatUrlOptions {
  /** Print secrets. Default: `false`, which prints `***` in their place. */
  readonly reveal?: boolean
}

/**
 * Writes a target as its canonical URL, fully percent-encoded.
 *
 * @param target - what {@link validateUrl} returned, or an object of that shape.
 * @param options - `reveal`: print secrets; `false` by default.
 * @returns the URL. With `reveal`, reading it again, also with `strict`, gives an equal target.
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
export function formatUrl(target: DatabaseTarget, options: FormatUrlOptions = {}): string {
  const show = (value: string | Secret): string => {
    if (typeof value === 'string') return encodePercent(value)
    return options.reveal === true ? encodePercent(value.reveal()) : '***'
  }
  return target.dialect === 'sqlite' ? formatSqlite(target, show) : formatServer(target, show)
}

type Show = (value: string | Secret) => string

function formatServer(target: ServerTarget, show: Show): string {
  const { scheme, defaultPort } = kinds.get(target.dialect) as ServerKind
  const password = target.password ? `:${show(target.password)}` : ''
  const user = target.user || password ? `${show(target.user ?? '')}${password}@` : ''
  const hosts = target.hosts.map((host) => formatHost(host, defaultPort)).join(',')
  const database = target.database ? `/${show(target.database)}` : '/'
  const tls = target.tls
  const settings: [string, string | Secret | undefined][] = [
    ['sslmode', tls?.mode],
    ['sslrootcert', tls?.ca],
    ['sslcert', tls?.cert],
    ['sslkey', tls?.key],
    ...Object.entries(target.params),
  ]
  return `${scheme}://${user}${hosts}${database}${formatQuery(settings, show)}`
}

function formatHost({ host, port }: HostPort, defaultPort: number): string {
  const isSocket = host.startsWith('/')
  if (isSocket && port === defaultPort) return encodePercent(host)
  const isAddress = !isSocket && host.includes(':')
  return `${isAddress ? `[${encodePercent(host).replaceAll('%3A', ':')}]` : encodePercent(host)}:${port}`
}

function formatSqlite({ filename, params }: SqliteTarget, show: Show): string {
  const path = encodePercent(filename).replaceAll('%2F', '/').replaceAll('%3A', ':')
  // Two slashes at the start would make the rest a host.
  return `sqlite:${path.startsWith('//') ? '///' : ''}${path}${formatQuery(Object.entries(params), show)}`
}

function formatQuery(settings: readonly [string, string | Secret | undefined][], show: Show): string {
  const pairs = settings.flatMap(([name, value]) =>
    value === undefined ? [] : `${encodePercent(name)}=${show(value)}`,
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
