import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PromoteReport } from '#lib/promote/report.js'

const program = fileURLToPath(new URL('program.js', import.meta.url))

/** What a promotion says of itself. */
export interface Result extends PromoteReport {
  readonly ms: number
  readonly rss: number
}

/** Runs a promotion, and kills it after so long, if it is not over by then. */
export async function promoteInProcess(
  args: readonly string[],
  killAfterMs?: number,
): Promise<Result | undefined> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const ended = once(child, 'close')
  if (killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'))
  await ended
  return out === '' ? undefined : (JSON.parse(out) as Result)
}
