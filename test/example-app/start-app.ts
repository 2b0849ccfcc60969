import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../servers/free-port.ts'
import { plainNode } from '../plain-node.ts'
import { send, type Answer } from './http-client.ts'

/** The program. */
export const main: string = fileURLToPath(import.meta.resolve('example-app/main.js'))

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

/**
 * Runs the app with nothing but these variables, and waits until it listens or has ended.
 *
 * @param node - what runs it; with `countedNode` its lines are counted.
 */
export async function startApp(
  env: Record<string, string> = {},
  folder: string = newFolder(),
  node: typeof plainNode = plainNode,
): Promise<StartedApp> {
  const port = env['PORT'] ?? String(await freePort())
  const child = spawn(...node(main), {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', PORT: port, ...env },
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => void (output.out += String(chunk)))
  child.stderr.on('data', (chunk) => void (output.err += String(chunk)))
  const exited = once(child, 'exit')
  const closed = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  const hasEnded = closed.then(() => true)
  let ended = false
  while (!ended && !output.out.includes('"msg":"listening"')) {
    ended = await Promise.race([once(child.stdout, 'data').then(() => false), hasEnded])
  }
  return {
    url,
    folder,
    process: child,
    output: () => output,
    async settled() {
      for (;;) {
        const answer = await send(url, 'GET', '/database')
        const { state } = answer.body as { state: { status: string } }
        if (!['idle', 'connecting'].includes(state.status)) return answer
        await delay(20)
      }
    },
    async stop(signal = 'SIGTERM') {
      const started = performance.now()
      child.kill(signal)
      await (child.stdout.isPaused() ? exited : closed)
      return { code: child.exitCode, ms: performance.now() - started }
    },
  }
}
