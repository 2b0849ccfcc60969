import { findFlag } from '../shell/flags.ts'
import { listening, type Answer, type Process } from './listening.ts'

/** R: what `-e` runs, where it calls Shiny or plumber with plain values. */
export function readR(args: Process['words'], process: Process): Answer {
  const text = findFlag(args, ['-e'])
  if (!text || !/\b(?:runApp|pr_run)\s*\(|\$run\s*\(/.test(text)) return 'unknown'
  const port = /\bport\s*=\s*(\d+)L?\b/.exec(text)?.[1]
  const host = /\bhost\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(text)
  if (port === undefined || /\bhost\s*=\s*[^"'\s]/.test(text)) return 'unknown'
  return [listening('R', port, host?.[1] ?? host?.[2] ?? '127.0.0.1', process.place)]
}
