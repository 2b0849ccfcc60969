import type { Knex } from 'knex'
import type { LogEvent } from './engine.ts'

/** Leads what knex would print on the console to the log of the program, or nowhere. */
export function logToKnex(log: ((event: LogEvent) => void) | undefined): Knex.Logger {
  const lead = (level: LogEvent['level']) => (message: unknown) =>
    log?.({ level, event: 'knex', message: String(message) })
  return { debug: lead('debug'), deprecate: lead('warn'), warn: lead('warn'), error: lead('error') }
}
