import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../servers/free-port.ts'
import { send, type Answer } from './http-client.ts'

const main = fileURLToPath(import.meta.resolve('example-app/main.js'))

/** The app as a process of its own, as `npm start` runs it. */
export interface StartedApp {
  readonly url: string
  readonly folder: string
  readonly process: ChildProcess
  /** What it wrote so far. */
  output(): { out: string; err: string }
  /** Waits until the database is past its first attempt. */
  settled(): Promise<Answer>
  /** Asks it to stop, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
}

/** A working directory of its own. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'failsoft-app-'))
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** Runs the app with nothing but these variables, and waits until it listens or has ended. */
export async function startApp(
  env: Record<string, string> = {},
  folder: string = newFolder(),
): Promise<StartedApp> {
  const port = env['PORT'] ?? String(await freePort())
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', PORT: port, ...env },
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk) => void (err += String(chunk)))
  const exited = once(child, 'exit')
  child.stdout.on('data', (chunk) => void (out += String(chunk)))
  const url = `http://127.0.0.1:${port}`
  while (child.exitCode === null && child.signalCode === null && !(await answers(url))) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    url,
    folder,
    process: child,
    output: () => ({ out, err }),
    async settled() {
      for (;;) {
        const answer = await send(url, 'GET', '/database')
        const { state } = answer.body as { state: { status: string } }
        if (!['idle', 'connecting'].includes(state.status)) return answer
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async stop(signal = 'SIGTERM') {
      const started = performance.now()
      child.kill(signal)
      if (child.exitCode === null && child.signalCode === null) await exited
      return { code: child.exitCode, ms: performance.now() - started }
    },
  }
}
