import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { AppMiddleware } from './context.ts'

const acceptableId = /^[\w.-]{1,64}$/

/**
 * Gives each request an id, and writes one line when it is answered. The query is not logged: people search for private things.
 *
 * No logger is made for each request: to make one takes longer than to write the line.
 */
export function requestLog(logger: Logger): AppMiddleware {
  return async (ctx, next) => {
    const started = performance.now()
    const sent = ctx.get('X-Request-Id')
    const requestId = acceptableId.test(sent) ? sent : randomUUID()
    ctx.set('X-Request-Id', requestId)
    ctx.requestId = requestId
    await next()
    const { method, status } = ctx
    const path = ctx.path || ctx.url.replace(/\?.*/, '')
    const durationMs = Math.round(performance.now() - started)
    const level = path.startsWith('/health/') ? 'debug' : 'info'
    logger[level]({ requestId, method, path, status, durationMs }, 'request')
  }
}

/** What a client does that goes away: closes a page, or its laptop. */
const departures = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ECANCELED'])

/** Logs what fails once an answer is under way. */
export function connectionLog(logger: Logger): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (departures.has(String(error.code))) logger.debug({ code: error.code }, 'the client went away')
    else logger.warn({ err: error }, 'connection failed')
  }
}
