import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { plainNode } from '#test/plain-node.js'

/** One thing that a program said of its lease. */
export interface Said {
  readonly word: string
  readonly number: number
}

/** A program of its own that holds, or waits for, the lease of a directory. */
export class LeaseProcess {
  readonly child: ChildProcess
  readonly said: Said[] = []
  #told: () => void = () => {}

  constructor(url: string, { ttlMs = 1000, renewMs = 200 } = {}) {
    const program = fileURLToPath(new URL('lease-holder.js', import.meta.url))
    const [command, args] = plainNode(program, url, String(ttlMs), String(renewMs))
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.said.push(JSON.parse(line) as Said)
      this.#told()
    })
  }

  /** Waits until it has said a word. */
  async says(word: string): Promise<Said> {
    for (;;) {
      const found = this.said.find((each) => each.word === word)
      if (found) return found
      await new Promise<void>((resolve) => (this.#told = resolve))
    }
  }

  /** Ends it at once, also where it was stopped. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Has it give the lease back. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill(signal)
    await ended
  }
}
