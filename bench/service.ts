import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keepTo } from './processors.ts'
import { freePort } from '#test/servers/free-port.js'

/** A program that serves the tasks. */
export interface Service {
  readonly url: string
  /** From its start to its first good answer from the database, in milliseconds. */
  readonly startMs: number
  readonly process: ChildProcess
  /** How much memory it holds, in MiB. */
  residentMiB(): number
  /** How much of the processor it took until now, on all its threads, in milliseconds. */
  cpuMs(): number
  stop(): Promise<void>
}

/** What to run: a file, and its environment. */
export interface Program {
  readonly file: string
  /** What runs the file. Default: this Node.js. */
  readonly interpreter?: string
  readonly env: Readonly<Record<string, string>>
  /** What it is kept to. Default: what this process may use. */
  readonly processor?: string
  /** The status that `path` answers once it serves. Default: 200 from `/tasks`. */
  readonly ready?: { readonly path: string; readonly status: number }
}

/** The same routes without failsoft. */
export const bareApp: string = fileURLToPath(new URL('./peers/bare-app/main.js', import.meta.url))
/** The example app on a SQLite driver of choice. */
export const driverApp: string = fileURLToPath(new URL('./programs/driver-app.js', import.meta.url))

const directories: string[] = []
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** A directory that goes with the process. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-bench-'))
  directories.push(directory)
  return directory
}

/** Starts a program and waits until it serves. What it logs goes nowhere, at the cost of writing it. */
export async function startService({
  file,
  interpreter = process.execPath,
  env,
  processor,
  ready,
}: Program): Promise<Service> {
  const { path, status } = ready ?? { path: '/tasks', status: 200 }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const started = performance.now()
  const child = spawn(interpreter, [file], {
    cwd: temporaryDirectory(),
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (processor && child.pid) keepTo(processor, child.pid)
  const exited = once(child, 'exit')
  running.add(child)
  while ((await statusOf(url + path)) !== status) {
    if (child.exitCode !== null) throw new Error(`${file} ended before it served`)
    await sleep(2)
  }
  return {
    url,
    startMs: performance.now() - started,
    process: child,
    residentMiB: () => residentMiB(child.pid),
    cpuMs: () => cpuMs(child.pid),
    stop: async () => {
      child.kill('SIGKILL')
      await exited
      running.delete(child)
    },
  }
}

async function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode))
    }).once('error', () => resolve(undefined))
  })
}

/** Linux alone tells it of another process. */
function residentMiB(pid: number | undefined): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}

/** The kernel counts in hundredths of a second, whatever its own clock. */
function cpuMs(pid: number | undefined): number {
  const [, stat = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = stat.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
