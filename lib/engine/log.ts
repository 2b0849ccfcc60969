import type { Knex } from 'knex'
import type { LogEvent } from './engine.ts'
import type { Redact } from './errors/server-words.ts'
import { describeCause } from './errors/describe-cause.ts'

const isAcquireError = /^Acquire connection error: /

/** Leads what knex would print on the console to the log of the program, or nowhere. */
export function logToKnex(
  log: ((event: LogEvent) => void) | undefined,
  redact: Redact = (text) => text,
): Knex.Logger {
  const lead = (level: LogEvent['level']) => (said: unknown) => {
    const message = redact(String(said))
    // Who asked for the connection is told, and so is the state: here it would be said again, at each attempt, with a stack.
    if (!isAcquireError.test(message)) log?.({ level, event: 'knex', message })
    else log?.({ level: 'debug', event: 'knex', message: message.replace(/\n[^]*/, '') })
  }
  return { debug: lead('debug'), deprecate: lead('warn'), warn: lead('warn'), error: lead('error') }
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
