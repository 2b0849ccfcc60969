import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { settleBy } from '../engine/time.ts'
import type { Ask, Questions, Said, ThreadSettings } from './settings.ts'
import type { ThreadData } from './worker.ts'

type Unasked = Extract<Said, { status: unknown } | { refusal: unknown }>

/** How long a thread that was closed may take to end by itself, in milliseconds. */
const endMs = 500

/** The thread of a replica, asked from the one of the program. It ends with the program, and keeps it alive only while it is asked. */
export class ReplicaThread {
  readonly #worker: Worker
  readonly #exited: Promise<void>
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  #count = 0
  #ended: Error | undefined

  /**
   * @param listen - told of what the thread says unasked.
   * @param onEnd - told once when the thread has ended, with what it died of.
   */
  constructor(settings: ThreadSettings, listen: (said: Unasked) => void, onEnd: (error: Error) => void) {
    const workerData: ThreadData = { failsoftReplica: settings }
    this.#worker = new Worker(programOf(import.meta.url), { workerData })
    this.#worker.unref()
    this.#worker.on('message', (said: Said) => ('id' in said ? this.#hear(said) : listen(said)))
    this.#worker.on('error', (error) => this.#end(error, onEnd))
    this.#exited = new Promise((resolve) => this.#worker.on('exit', () => resolve()))
    this.#worker.on('exit', () => this.#end(new Error('the thread of the replica has ended'), onEnd))
  }

  /** Asks; rejects where the thread fails or has ended. */
  async ask<Name extends keyof Questions>(
    question: Name,
    number?: number,
  ): Promise<Awaited<ReturnType<Questions[Name]>>> {
    if (this.#ended) throw this.#ended
    const id = ++this.#count
    this.#worker.ref()
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    const ask: Ask = { id, question, ...(number !== undefined && { number }) }
    // A thread has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#worker.postMessage(ask)
    return (await answer) as Awaited<ReturnType<Questions[Name]>>
  }

  /** Lets it end, once it was closed. */
  async end(): Promise<void> {
    await settleBy(this.#exited, endMs)
    await this.terminate()
  }

  /** Ends it at once. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #hear(said: Extract<Said, { id: number }>): void {
    const waiting = this.#waiting.get(said.id)
    this.#waiting.delete(said.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if ('answer' in said) waiting?.resolve(said.answer)
    else waiting?.reject(new Error(said.failure))
  }

  #end(error: Error, onEnd: (error: Error) => void): void {
    if (this.#ended) return
    this.#ended = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    onEnd(error)
  }
}

/** The file of the thread: beside this one, or where the package keeps it once it is bundled. */
export function programOf(here: string): URL {
  const places = ['./worker.js', './replica/worker.js'].map((place) => new URL(place, here))
  const found = places.find((place) => existsSync(fileURLToPath(place)))
  if (!found) throw new Error('the file replica/worker.js of failsoft is not beside its code')
  return found
}
