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
  const why = state.problem ? `: ${tell(state.problem)}` : ''
  log?.({
    level,
    event: 'state',
    message: `The database went from ${change.from} to ${change.to}${why}`,
    details: { ...change, ...(state.problem && { problem: state.problem }) },
  })
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
  const message = `${tell(problem)} ${place}`
  if (log) log({ level: 'warn', event: 'fallback', message, details: { problem, location } })
  else process.emitWarning(message, { type: 'FailsoftWarning', code: 'FAILSOFT_FALLBACK' })
}
