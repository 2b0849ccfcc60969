import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { plainNode } from '../../plain-node.js'
import type { Copy, Restored, Said } from './said.js'

const program = fileURLToPath(new URL('writer.js', import.meta.url))

/** How a writer is started. */
export interface WriterOptions {
  readonly filename: string
  readonly replica: string
  readonly driver: string
  readonly perSecond?: number
  readonly bytes?: number
  readonly seedMegabytes?: number
  /** After so many rows one of the megabytes is written over; 0: none is. */
  readonly churnEvery?: number
  readonly env?: Readonly<Record<string, string>>
}

/** A writer in a process of its own, and the witness of what it said. */
export class WriterProcess {
  readonly acknowledged: { readonly row: number; readonly at: number; readonly tookMs: number }[] = []
  readonly waits: Extract<Said, { waits: unknown }>['waits'][] = []
  readonly refused: string[] = []
  readonly logs: string[] = []
  restored: Restored | undefined
  copy: Copy | undefined
  closed: string | undefined
  readonly child: ChildProcess
  readonly startedAt: number = Date.now()
  readonly #heard: Promise<unknown>
  readonly #listeners = new Set<() => void>()

  constructor({ filename, replica, driver, ...options }: WriterOptions) {
    const { perSecond = 300, bytes = 100, seedMegabytes = 0, churnEvery = 0 } = options
    const numbers = [perSecond, bytes, seedMegabytes, churnEvery].map(String)
    const [command, args] = plainNode(program, filename, replica, driver, ...numbers)
    this.child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...options.env },
    })
    const lines = createInterface({ input: this.child.stdout! })
    lines.on('line', (line) => this.#hear(JSON.parse(line) as Said))
    this.#heard = Promise.all([once(lines, 'close'), once(this.child, 'exit')])
    void this.#heard.then(() => this.#tell())
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** Waits until it is so, at most for so long. Returns whether it is. */
  async until(isSo: () => boolean, timeoutMs = 60_000): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    while (!isSo() && !this.hasEnded && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#listeners.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      this.#listeners.clear()
    }
    return isSo()
  }

  /** Ends it at once. Returns when, in epoch milliseconds, all that it said before being heard. */
  async kill(): Promise<number> {
    const at = Date.now()
    this.child.kill('SIGKILL')
    await this.#heard
    return at
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM')
    await this.#heard
  }

  #hear(said: Said): void {
    if ('row' in said) this.acknowledged.push(said)
    else if ('copy' in said) this.copy = said.copy
    else if ('restored' in said) this.restored = said.restored
    else if ('waits' in said) this.waits.push(said.waits)
    else if ('refused' in said) this.refused.push(said.refused)
    else if ('log' in said) this.logs.push(said.log)
    else this.closed = said.closed
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
