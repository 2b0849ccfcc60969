import { PassThrough } from 'node:stream'
import type { Database } from 'failsoft/knex'
import type { AppContext } from '../http/context.ts'

const heartbeatMs = 15_000
/** How soon is told what changes within a state: that rows were written, that the configured database answers. */
const lookMs = 1_000

/** Sends the view at once and at each change of state, until the client goes or the service stops. */
export function streamChanges(
  ctx: AppContext,
  database: Database,
  view: () => object,
  stop: AbortSignal,
): void {
  const stream = new PassThrough()
  let sent = ''
  const send = () => {
    // Who does not read gets what is true once he does.
    if (stream.writableNeedDrain) return
    const text = JSON.stringify(view())
    if (text !== sent) stream.write(`data: ${text}\n\n`)
    sent = text
  }
  const end = () => stream.end()
  const forget = database.onStateChange(send)
  // Proxies close what is silent.
  const look = setInterval(send, lookMs)
  const heartbeat = setInterval(() => stream.write(':\n\n'), heartbeatMs)
  stop.addEventListener('abort', end)
  ctx.res.once('close', () => {
    forget()
    clearInterval(look)
    clearInterval(heartbeat)
    stop.removeEventListener('abort', end)
  })
  ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  ctx.status = 200
  ctx.body = stream
  send()
  if (stop.aborted || ctx.method === 'HEAD') end()
}
