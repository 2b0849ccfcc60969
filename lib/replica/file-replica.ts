import { describeCause } from '../engine/errors/describe-cause.ts'
import { locateDriver } from '../engine/load-driver.ts'
import type { LogEvent } from '../engine/engine.ts'
import type { SqliteDriver } from '../engine/sqlite/driver-names.ts'
import type { FileKeeper, ReplicaState } from '../engine/sqlite/file-keeper.ts'
import { settleBy } from '../engine/time.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { ReplicaStatus } from './settings.ts'
import { ReplicaThread } from './thread.ts'

/** What the replica of a file is made of. */
export interface FileReplicaOptions {
  /** The address of the replica. */
  readonly url: string
  readonly intervalMs: number
  readonly durableAfterMs: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log?: (event: LogEvent) => void
}

/** A file that was closed here gives its replica back before another one of this process asks for it. */
const closing = new Map<string, Promise<unknown>>()

/** Keeps a copy of a SQLite file in a replica, from a thread of its own. */
export class FileReplica implements FileKeeper {
  warnings: readonly Problem[] = []
  refusal: Problem | undefined
  readonly #options: FileReplicaOptions
  #thread: ReplicaThread | undefined
  #state: ReplicaState
  #isClosed = false
  #onRefusal: () => Promise<void> = async () => {}
  #onChange: () => void = () => {}

  constructor(options: FileReplicaOptions) {
    this.#options = options
    const { url: target, intervalMs, durableAfterMs } = options
    this.#state = { target, generation: '', intervalMs, durableAfterMs, behindMs: 0, shippedAt: 0 }
  }

  get state(): ReplicaState {
    return this.#state
  }

  async restore(filename: string, driver: SqliteDriver): Promise<Problem | undefined> {
    const { url, intervalMs, env } = this.#options
    await closing.get(url)
    const path = locateDriver(driver)
    if (path === undefined) return driverElsewhere(driver)
    try {
      await this.#thread?.terminate()
      const settings = { url, intervalMs, env: { ...env }, filename, driver: { name: driver, path } }
      this.#thread = new ReplicaThread(
        settings,
        (said) => ('status' in said ? this.#learn(said.status) : this.#refuse(said.refusal)),
        (error) => this.#end(error),
      )
      const { problem: found, warnings } = await this.#thread.ask('open')
      this.warnings = warnings
      return found
    } catch (error) {
      return threadFailed(error)
    }
  }

  async attach(): Promise<Problem | undefined> {
    try {
      return (await this.#thread?.ask('attach'))?.problem
    } catch (error) {
      return threadFailed(error)
    }
  }

  onRefusal(listener: () => Promise<void>): void {
    this.#onRefusal = listener
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  async close(timeoutMs: number): Promise<void> {
    const thread = this.#thread
    if (!thread || this.#isClosed) return
    this.#isClosed = true
    const { url } = this.#options
    const closed = this.#close(thread, timeoutMs)
    closing.set(url, closed)
    await closed
    if (closing.get(url) === closed) closing.delete(url)
  }

  async #close(thread: ReplicaThread, timeoutMs: number): Promise<void> {
    let isShipped = false
    const ask = async (): Promise<void> => {
      ;({ isShipped } = await thread.ask('close', timeoutMs))
    }
    await settleBy(
      ask().catch(() => undefined),
      timeoutMs + closeGraceMs,
    )
    await thread.end()
    if (isShipped || this.#options.log === undefined) return
    const message = 'The last rows of the SQLite file are not in its replica: they are in the file alone.'
    this.#options.log({ level: 'warn', event: 'replica', message })
  }

  #learn(status: ReplicaStatus): void {
    const { target, intervalMs, durableAfterMs } = this.#state
    this.#state = { target, intervalMs, durableAfterMs, ...status }
    this.#onChange()
  }

  #refuse(refusal: Problem): void {
    this.refusal = refusal
    const refused = this.#onRefusal()
    this.#onChange()
    refused.then(() => this.#thread?.ask('refused')).catch(() => undefined)
  }

  /** The file stays in use; nothing of it is copied any more. */
  #end(error: Error): void {
    if (this.#isClosed) return
    this.#state = { ...this.#state, problem: threadFailed(error) }
    this.#onChange()
  }
}

/** How long a thread may take to let go beyond its bound, in milliseconds. */
const closeGraceMs = 600

function threadFailed(error: unknown): Problem {
  return problem(
    'unknown-error',
    { target: 'The replica of the SQLite file' },
    { cause: describeCause(error) },
  )
}

function driverElsewhere(name: SqliteDriver): Problem {
  const missing = problem('driver-missing', { target: 'The replica of the SQLite file', package: name })
  return {
    ...missing,
    hint: `${missing.hint}. Its thread loads the driver by its name: a module that is handed over does not reach it.`,
  }
}
