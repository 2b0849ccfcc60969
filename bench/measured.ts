import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** What a program took from its start to its end. */
export interface Measured {
  readonly ms: number
  /** Of the processor, on all its threads. */
  readonly cpuMs: number
  /** The most memory that it held, in MiB. */
  readonly peakMiB: number
}

/** The kernel counts in hundredths of a second, whatever its own clock. */
const tickMs = 10

/** Runs a program to its end. Linux tells what it took while it runs, so the last 5 ms may be missing. */
export async function measured(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const started = performance.now()
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  let taken = { cpuMs: 0, peakMiB: 0 }
  const looking = setInterval(() => (taken = look(child.pid) ?? taken), 5)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(looking)
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`)
  return { ms: performance.now() - started, ...taken }
}

function look(pid: number | undefined): Pick<Measured, 'cpuMs' | 'peakMiB'> | undefined {
  try {
    const [, stat = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const fields = stat.split(' ')
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    if (peak === undefined) return undefined
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs, peakMiB: Number(peak) / 1024 }
  } catch {
    // It is over.
    return undefined
  }
}
