import { dialHosts, type DialHost } from './dial-hosts.ts'
import type { ParameterTable, Role, ServerSayings, SqliteSayings, TlsVersion } from './dialects/parameter.ts'
import { dialects } from './kinds.ts'
import { Secret } from './secret.ts'
import type { DatabaseTarget, Parameters, ServerTarget, SqliteTarget, TlsMode } from './target.ts'

/** How connections are encrypted. Files are named, not read. */
export interface TlsChoice {
  readonly mode: TlsMode
  /** Path of the authorities; absent: those that Node.js trusts. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly crl?: string
  readonly passphrase?: Secret
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
}

/** A parameter that has no effect, and why. */
export interface IgnoredParameter {
  readonly parameter: string
  readonly why: string
}

/** All that a server's URL asks for beside the login, each in one unit; what it does not say is absent, or has its default. */
export interface ServerSettings extends Readonly<
  Omit<
    Partial<ServerSayings>,
    'addresses' | 'socketPath' | 'crl' | 'passphrase' | 'minTlsVersion' | 'maxTlsVersion'
  >
> {
  /** At least one. */
  readonly hosts: readonly DialHost[]
  readonly role: Role
  readonly tls: TlsChoice
  /** Settings in the words of the driver. */
  readonly driver: Readonly<Record<string, unknown>>
  readonly ignored: readonly IgnoredParameter[]
}

/** All that a SQLite URL asks for; what it does not say is absent. */
export interface SqliteSettings extends Readonly<Partial<SqliteSayings>> {
  readonly ignored: readonly IgnoredParameter[]
}

/** A parameter whose value cannot be used. */
export interface InvalidParameter {
  /** As the URL names it. */
  readonly parameter: string
  /** What its value must be. */
  readonly expected: string
}

/** What a target asks for, or what is wrong with it. */
export type SettingsReading<Settings> =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly invalid: readonly [InvalidParameter, ...InvalidParameter[]] }

/** Gives all parameters of a target their meaning. Nothing else looks into them. */
export function readSettings(target: ServerTarget): SettingsReading<ServerSettings>
export function readSettings(target: SqliteTarget): SettingsReading<SqliteSettings>
export function readSettings(target: DatabaseTarget): SettingsReading<ServerSettings | SqliteSettings>
export function readSettings(target: DatabaseTarget): SettingsReading<ServerSettings | SqliteSettings> {
  const { says, driver, ignored, invalid } = readAll(dialects[target.dialect].parameters, target.params)
  const [first, ...more] = invalid
  if (first) return { ok: false, invalid: [first, ...more] }
  if (target.dialect === 'sqlite') return { ok: true, settings: { ...says, ignored } }
  return {
    ok: true,
    settings: { ...serverSettings(target, says), driver, ignored },
  }
}

interface Reading {
  readonly says: Readonly<Record<string, unknown>>
  readonly driver: Readonly<Record<string, unknown>>
  readonly ignored: readonly IgnoredParameter[]
  readonly invalid: readonly InvalidParameter[]
}

/** Reads the known ones among the parameters, in the order of the table. An empty one says nothing. */
function readAll(table: ParameterTable, params: Parameters): Reading {
  const says: Record<string, unknown> = {}
  const driver: Record<string, unknown> = {}
  const ignored: IgnoredParameter[] = []
  const invalid: InvalidParameter[] = []
  const said = byLowerCase(params)
  for (const [name, { type, effect }] of table) {
    const { parameter, text } = said.get(name) ?? {}
    if (!parameter || !text) continue
    const value = type.read(text)
    if (value === undefined) invalid.push({ parameter, expected: type.expected })
    else if ('ignored' in effect) ignored.push({ parameter, why: effect.ignored })
    else if (value !== null && 'says' in effect) says[effect.says] = value
    else if (value !== null && 'setsDriver' in effect) driver[effect.setsDriver] = value
  }
  return { says, driver, ignored, invalid }
}

function byLowerCase(params: Parameters): ReadonlyMap<string, { parameter: string; text: string }> {
  const said = Object.entries(params).map(([parameter, value]) => {
    const text = value instanceof Secret ? value.reveal() : value
    return [parameter.toLowerCase(), { parameter, text }] as const
  })
  return new Map(said)
}

function serverSettings(
  { dialect, hosts, tls }: ServerTarget,
  {
    addresses = [],
    socketPath,
    crl,
    passphrase,
    minTlsVersion,
    maxTlsVersion,
    ...said
  }: Partial<ServerSayings>,
): Omit<ServerSettings, 'driver' | 'ignored'> {
  return {
    role: 'any',
    ...said,
    hosts: dialHosts({ hosts, addresses, socketPath }, dialects[dialect]),
    tls: {
      ...tlsChoice(tls),
      ...(crl && { crl }),
      ...(passphrase && { passphrase }),
      ...(minTlsVersion && { minVersion: minTlsVersion }),
      ...(maxTlsVersion && { maxVersion: maxTlsVersion }),
    },
  }
}

/** A URL that says nothing prefers TLS. "system" means the authorities that Node.js trusts, and libpq then checks the name too. */
function tlsChoice(tls: ServerTarget['tls']): TlsChoice {
  if (!tls) return { mode: 'prefer' }
  const { ca, mode, ...files } = tls
  if (ca === 'system') return { ...files, mode: 'verify-full' }
  // As in libpq, `require` with an authority checks it.
  return { ...tls, mode: mode === 'require' && ca ? 'verify-ca' : mode }
}
