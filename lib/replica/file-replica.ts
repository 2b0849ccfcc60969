import { closeSync, constants, fstatSync, openSync, realpathSync, statSync } from 'node:fs'
import { locateDriver } from '../engine/load-driver.ts'
import type { LogEvent } from '../engine/engine.ts'
import type { SqliteDriver } from '../engine/sqlite/driver-names.ts'
import type { FileKeeper, ReplicaState } from '../engine/sqlite/file-keeper.ts'
import { settleBy, Timer } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import { CopyState } from './copy-state.ts'
import { keepRecord, readRecord, type KnownPlace } from './local-record.ts'
import { problemFor } from './restore.ts'
import type { Said, ThreadSettings } from './settings.ts'
import { SqliteHandle, type DriverPlace } from './sqlite-handle.ts'
import { driverElsewhere, threadFailed } from './thread-problems.ts'
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

/** A thread that ended is followed by another one so soon, in milliseconds. */
const restartMs = 1000

/** Keeps a copy of a SQLite file in a replica, from a thread of its own. */
export class FileReplica implements FileKeeper {
  warnings: readonly Problem[] = []
  refusal: Problem | undefined
  readonly #options: FileReplicaOptions
  #settings: ThreadSettings | undefined
  #thread: ReplicaThread | undefined
  /** Of the file itself. It outlives each thread: closing it drops all locks of the process on the file. */
  #descriptor: number | undefined
  /** Keeps the log beside the file where the thread ends that holds it: the last connection that is closed deletes it. */
  #anchor: SqliteHandle | undefined
  /** Whether the thread holds the log of the file. */
  #isAttached = false
  #known: KnownPlace | undefined
  readonly #state: CopyState
  readonly #restart = new Timer()
  #isClosed = false
  #onRefusal: () => Promise<void> = async () => {}
  #onChange: () => void = () => {}

  constructor(options: FileReplicaOptions) {
    this.#options = options
    const { url: target, intervalMs, durableAfterMs } = options
    this.#state = new CopyState(
      { target, intervalMs, durableAfterMs },
      () => this.#onChange(),
      // Its end is heard of, and another one begins.
      () => void this.#thread?.terminate(),
    )
  }

  get state(): ReplicaState {
    return this.#state.now
  }

  async restore(filename: string, driver: SqliteDriver): Promise<Problem | undefined> {
    const { url, intervalMs, env } = this.#options
    await closing.get(url)
    const path = locateDriver(driver)
    if (path === undefined) return driverElsewhere(driver)
    this.#state.unwatch()
    this.#known = undefined
    this.#settings = { url, intervalMs, env: { ...env }, filename, driver: { name: driver, path } }
    return await this.#open(this.#settings)
  }

  async attach(): Promise<Problem | undefined> {
    const { filename = '', driver } = this.#settings ?? {}
    try {
      await this.#letGo()
      // Where a link leads to no file yet, nobody has made one.
      this.#descriptor = openSync(filename, constants.O_RDONLY | constants.O_CREAT, 0o644)
      this.#state.watch()
      const found = await this.#attach(this.#descriptor)
      if (!found && driver) this.#anchor = await openAnchor(driver, filename)
      return found
    } catch (error) {
      return problemFor(error, filename)
    }
  }

  async #open(settings: ThreadSettings): Promise<Problem | undefined> {
    try {
      await this.#endThread()
      this.#isAttached = false
      const thread = new ReplicaThread(
        { ...settings, ...(this.#known && { known: this.#known }) },
        (said) => ('status' in said ? this.#learn(said) : this.#refuse(said.refusal)),
        (error) => this.#hasEnded(thread, error),
      )
      this.#thread = thread
      const { problem: found, warnings } = await thread.ask('open')
      this.warnings = warnings
      return found
    } catch (error) {
      return threadFailed(error)
    }
  }

  async #attach(descriptor: number): Promise<Problem | undefined> {
    try {
      const answer = await this.#thread?.ask('attach', descriptor)
      this.#isAttached = answer !== undefined && answer.problem === undefined
      return answer?.problem
    } catch (error) {
      return threadFailed(error)
    }
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    this.#restart.clear()
    await thread?.terminate()
  }

  onRefusal(listener: () => Promise<void>): void {
    this.#onRefusal = listener
  }

  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  async close(timeoutMs: number): Promise<void> {
    if (!this.#settings || this.#isClosed) return
    this.#isClosed = true
    this.#restart.clear()
    this.#state.unwatch()
    const { url } = this.#options
    const closed = this.#close(this.#thread, timeoutMs)
    closing.set(url, closed)
    await closed
    if (closing.get(url) === closed) closing.delete(url)
  }

  async #close(thread: ReplicaThread | undefined, timeoutMs: number): Promise<void> {
    let isShipped = thread === undefined && this.#descriptor === undefined
    if (thread) {
      // One that never held the log does not know what is in it.
      const knows = this.#isAttached || this.#anchor === undefined
      const asked = thread.ask('close', timeoutMs).then((answer) => (isShipped = knows && answer.isShipped))
      await settleBy(
        asked.catch(() => undefined),
        timeoutMs + closeGraceMs,
      )
      await thread.end()
    }
    await this.#closeAnchor()
    if (!isShipped) await this.#noteKnown().catch(() => undefined)
    await this.#letGo()
    if (isShipped) return
    const message = 'The last rows of the SQLite file are not in its replica: they are in the file alone.'
    this.#options.log?.({ level: 'warn', event: 'replica', message })
  }

  /**
   * A thread that hung or ended noted nothing, and the log is gone with the last connection: then the file holds all of it. As long as
   * the log is there, the file is known by that.
   */
  async #noteKnown(): Promise<void> {
    const [known, descriptor, { filename = '' } = {}] = [this.#known, this.#descriptor, this.#settings]
    if (!known || descriptor === undefined || !isSameFile(filename, descriptor)) return
    const path = realpathSync(filename)
    const record = await readRecord(path)
    if (record?.isCurrent || statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) return
    await keepRecord(path, { ...known, isExact: false }, descriptor)
  }

  async #closeAnchor(): Promise<void> {
    await this.#anchor?.close()
    this.#anchor = undefined
  }

  async #letGo(): Promise<void> {
    await this.#closeAnchor()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #learn({ status, known }: Extract<Said, { status: unknown }>): void {
    this.#known = known
    this.#state.learn(status)
  }

  #refuse(refusal: Problem): void {
    this.refusal = refusal
    const refused = this.#onRefusal()
    this.#onChange()
    refused.then(() => this.#thread?.ask('refused')).catch(() => undefined)
  }

  /** The file stays in use. What the replica misses is copied once another thread has taken the lease. */
  #hasEnded(thread: ReplicaThread, error: Error): void {
    if (this.#isClosed || thread !== this.#thread) return
    this.#thread = undefined
    this.#startAnew(threadFailed(error))
  }

  #startAnew(found: Problem): void {
    this.#state.fail(found)
    if (this.#descriptor !== undefined && !this.refusal) this.#restart.set(restartMs, () => void this.#goOn())
  }

  /** Begins as at any start: who holds the lease, and what the replica holds, may have changed. */
  async #goOn(): Promise<void> {
    const [settings, descriptor] = [this.#settings, this.#descriptor]
    if (!settings || descriptor === undefined) return
    // A file that is gone is not restored beneath those who have it open.
    if (!isSameFile(settings.filename, descriptor)) return this.#startAnew(this.state.problem!)
    const opened = await this.#open(settings)
    const found = opened ?? (await this.#attach(descriptor))
    if (this.#isClosed || !found || !this.#thread) return
    await this.#endThread()
    if (opened?.code.startsWith('replica-')) this.#refuse(opened)
    else this.#startAnew(found)
  }
}

/** A connection that has read once has the log open. */
async function openAnchor(driver: DriverPlace, filename: string): Promise<SqliteHandle> {
  const anchor = await SqliteHandle.open(driver, filename)
  await anchor.all('select count(*) from sqlite_schema')
  return anchor
}

/** Not where that cannot be seen. */
function isSameFile(filename: string, descriptor: number): boolean {
  try {
    const [here, open] = [statSync(filename), fstatSync(descriptor)]
    return here.ino === open.ino && here.dev === open.dev
  } catch {
    return false
  }
}

/** How long a thread may take to let go beyond its bound, in milliseconds. */
const closeGraceMs = 600
