import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer, Ask } from '../programs/copied-writer.ts'
import { temporaryDirectory } from '../service.ts'

const program = fileURLToPath(new URL('../programs/copied-writer.js', import.meta.url))

/** Which database a program writes to. */
export interface Place {
  readonly folder?: string
  readonly driver: string
  readonly synchronous?: 'normal' | 'full'
  /** Where it is copied to; absent: nowhere. */
  readonly replica?: string
  readonly megabytes?: number
  readonly env?: Readonly<Record<string, string>>
}

/** A program that writes to a database of its own, when it is asked to. */
export class CopiedWriter {
  readonly folder: string
  readonly #child: ChildProcess

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder
    this.#child = child
  }

  /** Starts it. Returns it with the time that it took to open its database, in milliseconds. */
  static async start({
    folder = temporaryDirectory(),
    driver,
    synchronous = 'normal',
    replica = '',
    megabytes = 0,
    env = {},
  }: Place): Promise<[CopiedWriter, openedMs: number]> {
    mkdirSync(join(folder, 'disk'), { recursive: true })
    const url = `sqlite:${join(folder, 'disk', 'app.db')}?synchronous=${synchronous}`
    const child = fork(program, [url, replica, driver, String(megabytes)], {
      env: { PATH: process.env['PATH'], ...env },
    })
    const writer = new CopiedWriter(folder, child)
    return [writer, await writer.#hear<number>()]
  }

  async write(ask: Ask): Promise<Answer> {
    return await this.#ask<Answer>(ask)
  }

  /** Waits until all that is committed is in the replica. Returns how long that took, in milliseconds. */
  async untilShipped(): Promise<number> {
    return await this.#ask<number>('shipped')
  }

  /** Has it close its database, and end. */
  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
  }

  async #ask<T>(message: Ask | 'shipped'): Promise<T> {
    const answer = this.#hear<T>()
    this.#child.send(message)
    return await answer
  }

  async #hear<T>(): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the writer ended with ${code}`))
      this.#child.once('exit', ended)
      this.#child.once('message', (answer) => {
        this.#child.off('exit', ended)
        resolve(answer as T)
      })
    })
  }
}
