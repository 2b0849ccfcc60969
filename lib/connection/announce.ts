import { channel } from 'node:diagnostics_channel'
import type { EngineInfo } from '../engine/engine-info.ts'
import type { LogEvent } from '../engine/engine.ts'
import type { ClassifiedError } from '../engine/errors/classify-error.ts'
import { quoteCause } from '../problem/cause.ts'
import type { Problem } from '../problem/problem.ts'
import { durabilityMeanings } from '../resolve/durability.ts'
import type { StateChange } from './database.ts'
import type { ConnectionState } from './state.ts'

type Log = ((event: LogEvent) => void) | undefined

const stateChannel = channel('failsoft:state')
const troubleChannel = channel('failsoft:trouble')

/** Tells the log, and whoever listens on the diagnostics channel `failsoft:state`, of a change. */
export function announceChange(log: Log, change: StateChange, state: ConnectionState): void {
  stateChannel.publish({ ...change, state })
  const level = state.status === 'unavailable' || state.status === 'reconnecting' ? 'warn' : 'info'
  const why = state.problem ? `: ${tell(state.problem)}` : whyOf(change)
  log?.({
    level,
    event: 'state',
    message: `The database went from ${change.from} to ${change.to}${why}`,
    details: { ...change, ...(state.problem && { problem: state.problem }) },
  })
}

/** A return says what it left. */
function whyOf({ from, to, reason }: StateChange): string {
  return from === 'fallback' && to === 'connected' && reason !== undefined ? `: ${reason}.` : ''
}

/** All that is known of a problem, the words of the server too where they are not in it yet. */
function tell({ message, hint, cause }: Problem): string {
  return cause && !message.includes(cause.message)
    ? `${message} ${hint} ${quoteCause(cause).replace(/[^.!?]$/, '$&.')}`
    : `${message} ${hint}`
}

/** Tells whoever listens on the diagnostics channel `failsoft:trouble` of a statement that failed because of its connection. */
export function announceTrouble(found: ClassifiedError, engine: EngineInfo): void {
  if (troubleChannel.hasSubscribers) troubleChannel.publish({ problem: found, engine, at: Date.now() })
}

/** A fallback is loud: it is logged, or becomes a warning of the process where nobody listens. */
export function announceFallback(log: Log, state: Extract<ConnectionState, { status: 'fallback' }>): void {
  const { problem, location } = state
  const place = `Running on SQLite instead, in ${location.filename}. ${durabilityMeanings[location.durability]}`
  const message = `${tell(problem)} ${place}${state.primary && state.standIn.clean ? ` ${returns}` : ''}`
  if (log) log({ level: 'warn', event: 'fallback', message, details: { problem, location } })
  else process.emitWarning(message, { type: 'FailsoftWarning', code: 'FAILSOFT_FALLBACK' })
}

const returns = 'The program returns by itself when the database answers, while nothing is written here.'
const ways = 'Bring its rows over with "failsoft promote", or leave them behind with returnToPrimary().'

/** Says once that a fallback was written to, and that the configured database is back while it is not left by itself. */
export function announceStandIn(log: Log, before: ConnectionState, now: ConnectionState): void {
  if (before.status !== 'fallback' || now.status !== 'fallback' || !now.primary) return
  const { standIn, primary } = now
  const tell = (message: string): void =>
    log?.({ level: 'warn', event: 'stand-in', message, details: { standIn, primary } })
  if (standIn.clean) return
  if (before.standIn.clean)
    tell(`Something was written to the SQLite fallback: it is not left by itself any more. ${ways}`)
  if (primary.reachable && before.primary?.reachable === false)
    tell(`The configured database answers again, and ${describeTables(standIn.tables)}. ${ways}`)
}

/** How many tables of the fallback hold rows of their own. */
export function describeTables(count: number): string {
  return count === 1 ? '1 table of the fallback holds rows' : `${count} tables of the fallback hold rows`
}
