import { pino, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

/** What may wait for a reader who stands still, or for the end of a turn. Lines beyond it are lost, rather than the service held up. */
const mostBytesWaiting = 1_000_000

/** A log of JSON lines, or, at a terminal, of lines for a person. */
export async function createLogger(level: LogLevel, stdout: NodeJS.WriteStream): Promise<Logger> {
  // A reader who goes away ends the log, not the service.
  stdout.on('error', () => {})
  if (stdout.isTTY) return pino({ level }, await forPeople())
  return pino({ level }, writerOf(stdout))
}

/** Writes the lines of one turn of the event loop together: to hand one to the system costs as much as to make it. */
function writerOf(stdout: NodeJS.WriteStream): { write(line: string): void } {
  let lines = ''
  const flush = (): void => {
    if (lines && stdout.writableLength < mostBytesWaiting) stdout.write(lines)
    lines = ''
  }
  process.once('exit', flush)
  return {
    write(line) {
      if (!lines) setImmediate(flush)
      lines += line
      if (lines.length >= mostBytesWaiting) flush()
    },
  }
}

async function forPeople(): Promise<NodeJS.WritableStream> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,requestId,method,path,status,durationMs,event,details,signal',
    messageFormat: '{msg}{if path} {method} {path}: {status}, {durationMs} ms{end}',
  })
}
