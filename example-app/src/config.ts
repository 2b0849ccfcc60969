import type { FallbackStrategy } from 'failsoft'

/** What the program is told by its environment, apart from the database, which failsoft reads. */
export interface Config {
  /** Default: 7860. 0 lets the operating system choose. */
  readonly port: number
  /** The address to listen on. Default: all of them, IPv6 and IPv4. */
  readonly host: string | undefined
  readonly logLevel: LogLevel
  /** How long requests in flight may take once the service is to stop, in milliseconds. Default: 4,000. */
  readonly drainDeadlineMs: number
  /** Where it is set, every change needs it as a bearer token. */
  readonly apiToken: string | undefined
  /** When SQLite stands in for the database. Not set: DATABASE_FALLBACK says it. */
  readonly strategy: FallbackStrategy | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
/** How much is logged, in the words of pino. */
export type LogLevel = (typeof logLevels)[number]

/** A setting that the program cannot start with. The message is one line for the person who set it. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the environment, once, at the edge. A blank variable counts as not set.
 *
 * @throws {@link ConfigError} naming the first variable that is wrong.
 */
export function readConfig(env: Environment): Config {
  const read = (name: string) => env[name]?.trim() || undefined
  return {
    port: parseNumber('PORT', read('PORT') ?? '7860', 65_535),
    host: read('HOST'),
    logLevel: parseLogLevel(read('LOG_LEVEL') ?? 'info'),
    drainDeadlineMs: parseNumber('DRAIN_DEADLINE_MS', read('DRAIN_DEADLINE_MS') ?? '4000', 600_000),
    apiToken: parseToken(read('API_TOKEN')),
    strategy: read('DATABASE_FALLBACK') ? undefined : defaultStrategy(env),
  }
}

function parseNumber(name: string, text: string, maximum: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number <= maximum) return number
  throw new ConfigError(`${name} must be a whole number from 0 to ${maximum}, not ${JSON.stringify(text)}.`)
}

function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((name) => name === text.toLowerCase())
  if (level) return level
  throw new ConfigError(`LOG_LEVEL must be one of ${logLevels.join(', ')}, not ${JSON.stringify(text)}.`)
}

/** The message does not repeat it: the log is no place for a secret. */
function parseToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token
  throw new ConfigError('API_TOKEN must be visible ASCII characters without blanks: no client could send it.')
}

/** Where rows that get lost hurt nobody, SQLite stands in whatever is wrong; elsewhere only where no database is configured. */
function defaultStrategy(env: Environment): FallbackStrategy {
  const isServing = env['NODE_ENV'] === 'production' || env['KUBERNETES_SERVICE_HOST']
  return env['SPACE_ID'] || !isServing ? 'always' : 'unconfigured'
}
