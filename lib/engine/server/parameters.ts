import { problem, type Problem } from '../../problem/problem.ts'
import { Secret } from '../../url/secret.ts'
import type { Parameters } from '../../url/target.ts'

type Value = string | number | boolean | object

/** What a parameter of a URL does: it is a setting of the driver, a part of this library uses it, or it has no effect. */
export type ParameterRule =
  | {
      readonly setting: string
      /** Turns the text into what the driver takes; `undefined` where it cannot be that. */
      readonly read?: (text: string) => Value | undefined
      /** What the text must be. */
      readonly expected?: string
    }
  | { readonly used: 'bounds' | 'hosts' | 'pool' | 'session' | 'tls' }
  | { readonly ignored: string }

/** What each known parameter does, by its name in lower case. */
export type ParameterRules = Readonly<Record<string, ParameterRule>>

/** The largest delay of a timer, in milliseconds. */
const longestMs = 2 ** 31 - 1

/** The parameters that say something, by their names in lower case, also secret ones. */
export function readParameters(params: Parameters): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(params)) {
    const text = value instanceof Secret ? value.reveal() : value
    if (text !== '') texts.set(name.toLowerCase(), text)
  }
  return texts
}

/** The settings that the parameters stand for, and those without an effect, with the reason. */
export interface MappedParameters {
  readonly settings: Readonly<Record<string, unknown>>
  readonly ignored: readonly { readonly parameter: string; readonly why: string }[]
}

/** Gives the known ones among the parameters their effect. */
export function mapParameters(
  rules: ParameterRules,
  params: Parameters,
  subject: string,
): MappedParameters | { readonly problem: Problem } {
  const settings: Record<string, unknown> = {}
  const ignored: { parameter: string; why: string }[] = []
  const texts = readParameters(params)
  // In the order of the rules: of two names for one setting the later one counts.
  for (const [parameter, rule] of Object.entries(rules)) {
    const text = texts.get(parameter)
    if (text === undefined || 'used' in rule) continue
    if ('ignored' in rule) {
      ignored.push({ parameter, why: rule.ignored })
      continue
    }
    const { setting, read = String, expected = 'something else' } = rule
    const value = read(text)
    if (value === undefined)
      return { problem: problem('invalid-parameter', { subject, parameter, expected }) }
    settings[setting] = value
  }
  return { settings, ignored }
}

/** The first of these parameters that is a positive number; zero and less mean "no bound" to some and nothing here. */
export function readPositive(params: Parameters, ...names: readonly string[]): number | undefined {
  const texts = readParameters(params)
  return names.map((name) => Number(texts.get(name))).find((value) => Number.isFinite(value) && value > 0)
}

/** A bound that is given in seconds or in milliseconds. */
export function readBoundMs(
  params: Parameters,
  units: Readonly<Record<string, 's' | 'ms'>>,
): number | undefined {
  for (const [name, unit] of Object.entries(units)) {
    const value = readPositive(params, name)
    if (value !== undefined) return Math.min(value * (unit === 's' ? 1000 : 1), longestMs)
  }
  return undefined
}

/** Reads yes or no, as in libpq and in JSON. */
export function readFlag(text: string): boolean | undefined {
  return /^(1|true|on|yes)$/i.test(text) ? true : /^(0|false|off|no)$/i.test(text) ? false : undefined
}

/** Reads a whole number that is not negative. */
export function readWhole(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

/** A setting that is yes or no. */
export function flag(setting: string): ParameterRule {
  return { setting, read: readFlag, expected: 'true or false' }
}

/** A setting that is a whole number, given in units of `scale`. */
export function whole(setting: string, scale = 1): ParameterRule {
  const read = (text: string): number | undefined => {
    const value = readWhole(text)
    return value === undefined ? undefined : Math.min(value * scale, longestMs)
  }
  return { setting, read, expected: 'a whole number' }
}

/** The parameters that every server understands in the same way. */
export const commonRules: ParameterRules = {
  connect_timeout: { used: 'bounds' },
  connection_limit: { used: 'pool' },
  pool_timeout: { used: 'pool' },
  load_balance_hosts: { used: 'hosts' },
  target_session_attrs: { used: 'hosts' },
  targetservertype: { used: 'hosts' },
  pgbouncer: { ignored: 'statements are never prepared by name, so every pooler works' },
}
