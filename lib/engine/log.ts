import { inspect } from 'node:util'
import type { Knex } from 'knex'
import type { LogEvent } from './engine.ts'
import type { Redact } from './errors/server-words.ts'
import type { KnexOptions } from './knex-options.ts'
import { describeCause } from './errors/describe-cause.ts'

const isAcquireError = /^Acquire connection error: /

/**
 * Leads what knex would print on the console to the log of the program, or nowhere.
 *
 * @param own - a log that the program gives to knex itself; and `debug`, which says on the console what no log asks for.
 */
export function logToKnex(
  log: ((event: LogEvent) => void) | undefined,
  redact: Redact = (text) => text,
  own: Pick<KnexOptions, 'log' | 'debug'> = {},
): Knex.Logger {
  if (own.log) return withoutSecrets(own.log, redact)
  const lead = (level: LogEvent['level']) => (said: unknown) => {
    const message = redact(typeof said === 'string' ? said : format(said))
    // Who asked for the connection is told, and so is the state: here it would be said again, at each attempt, with a stack.
    if (!isAcquireError.test(message)) log?.({ level, event: 'knex', message })
    else log?.({ level: 'debug', event: 'knex', message: message.replace(/\n[^]*/, '') })
  }
  const { debug, ...others } = {
    debug: lead('debug'),
    deprecate: lead('warn'),
    warn: lead('warn'),
    error: lead('error'),
  }
  return own.debug && !log ? others : { ...others, debug }
}

/** A query that `debug` shows. */
function format(message: unknown): string {
  return inspect(message, { breakLength: Infinity, depth: 5 })
}

const levels = ['debug', 'deprecate', 'warn', 'error'] as const

function withoutSecrets(own: Knex.Logger, redact: Redact): Knex.Logger {
  const told = levels.flatMap((level) => {
    const tell = own[level] as ((message: unknown) => void) | undefined
    const hide = (message: unknown): unknown => (typeof message === 'string' ? redact(message) : message)
    return tell ? [[level, (message: unknown) => tell.call(own, hide(message))]] : []
  })
  return { ...own, ...(Object.fromEntries(told) as Knex.Logger) }
}

/** A listener whose mistake, also a promise that rejects, becomes a warning of the process and disturbs nothing. */
export function harmless<Told>(listener: (told: Told) => unknown): (told: Told) => void {
  return (told) => {
    try {
      const work = listener(told)
      if (work instanceof Promise) work.catch(warn)
    } catch (error) {
      warn(error)
    }
  }
}

function warn(error: unknown): void {
  const message = `A listener of the database failed: ${describeCause(error).message}`
  process.emitWarning(message, { type: 'FailsoftWarning', code: 'FAILSOFT_LISTENER' })
}
