import { fstatSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Deadline, settleBy, within } from '../engine/time.ts'
import { problemOfLook } from '../engine/sqlite/prepare-location.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { Copying } from './copying.ts'
import { enterReplica, type Entry } from './enter-replica.ts'
import { FileLog } from './file-log.ts'
import { followLink } from './follow-link.ts'
import { Guard } from './guard.ts'
import { sizeOf } from './history.ts'
import { readRecord, type KnownPlace, type LocalRecord } from './local-record.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { problemFor } from './restore.ts'
import type { Questions, ReplicaStatus, Said, ThreadSettings } from './settings.ts'

/** How long the program may take until nobody writes, once the lease is handed over, in milliseconds. */
const refusalMs = 8000
/** How soon a replica that was away at the start is looked for again, in milliseconds. */
const arriveAgainMs = 3000

type Say = (said: Extract<Said, { status: unknown } | { refusal: unknown }>) => void

/** Holds the right to write to a replica, and copies a file there as long as it does. */
export class Holder implements Questions {
  readonly #settings: ThreadSettings
  readonly #say: Say
  #entry: Entry | undefined
  #guard: Guard | undefined
  #copying: Copying | undefined
  #problem: Problem | undefined
  #arriveAt = 0
  #hasRefused: () => void = () => {}
  #isOver = false
  /** Whether somebody else has the lease who knew of all rows. */
  #isHandedOver = false
  /** What is done now: one thing after the other. */
  #work: Promise<unknown> = Promise.resolve()
  #wake: () => void = () => {}
  #looping: Promise<void> = Promise.resolve()

  constructor(settings: ThreadSettings, say: Say) {
    // SQLite keeps the log beside the file itself, and not beside a link to it.
    this.#settings = { ...settings, filename: followLink(settings.filename) }
    this.#say = say
  }

  async open(): Promise<{ readonly problem?: Problem; readonly warnings: readonly Problem[] }> {
    const isHere = hasFile(this.#settings.filename)
    if (typeof isHere !== 'boolean') return { problem: isHere, warnings: [] }
    const entered = await this.#enter(isHere)
    if (!('code' in entered)) {
      this.#entry = entered
      return { warnings: entered.warnings }
    }
    // A file that is here is used; what the replica holds is seen when it is back.
    if (!isHere || entered.code !== 'replica-unreachable') return { problem: entered, warnings: [] }
    this.#problem = entered
    return { warnings: [entered] }
  }

  async attach(descriptor: number): Promise<{ readonly problem?: Problem }> {
    const { filename, driver, known } = this.#settings
    try {
      if (this.#entry?.history && fstatSync(descriptor).size === 0) throw new Error('the file is gone')
      this.#guard = await Guard.open(driver, filename, descriptor)
    } catch (error) {
      await this.#entry?.lease.release()
      return { problem: problemFor(error, filename) }
    }
    const record = await readRecord(filename)
    const recorded = record?.isCurrent ? record : undefined
    this.#copying = new Copying(new FileLog(this.#guard, filename), known ?? (recorded && placeOf(recorded)))
    if (this.#entry) this.#begin(this.#copying, this.#entry, recorded !== undefined)
    this.#tell(this.#copying)
    this.#looping = this.#loop(this.#copying)
    return {}
  }

  async refused(): Promise<void> {
    this.#hasRefused()
  }

  async close(timeoutMs: number): Promise<{ readonly isShipped: boolean }> {
    const deadline = new Deadline(timeoutMs)
    const wasOver = this.#isOver
    this.#isOver = true
    this.#wake()
    await settleBy(Promise.all([this.#looping, this.#work]), deadline.leftMs)
    if (!wasOver && this.#copying && this.#entry)
      await settleBy(this.#shipRest(this.#copying, deadline), deadline.leftMs)
    await this.#copying?.settle().catch(() => undefined)
    await this.#guard?.close().catch(() => undefined)
    // A file that was never opened here has no rows to ship. What is shipped from here on may be too late for the next holder.
    const isShipped = this.#isHandedOver || (this.#copying?.isShipped ?? true)
    if (this.#entry) await settleBy(this.#entry.lease.release(), Math.max(500, deadline.leftMs))
    return { isShipped }
  }

  async #enter(isHere: boolean): Promise<Entry | Problem> {
    return await enterReplica(this.#settings, isHere, {
      handOver: (target) => this.#serially(() => this.#handOver(target)),
      lost: (problem) => this.#refuse(problem),
    })
  }

  /** @param isAsNoted - whether nobody has written to the file since it was looked at, and moved the log into it. */
  #begin(copying: Copying, { target, lease, history, beginning }: Entry, isAsNoted: boolean): void {
    const isKnown = isAsNoted || beginning.with === 'base' || beginning.log !== undefined
    copying.start({ target, number: lease.number }, isKnown ? beginning : { with: 'base' }, sizeOf(history))
  }

  async #loop(copying: Copying): Promise<void> {
    const { intervalMs } = this.#settings
    const ticking = setInterval(() => this.#tell(copying), intervalMs)
    while (!this.#isOver) {
      const started = performance.now()
      await this.#serially(() => this.#round(copying))
      this.#tell(copying)
      const tookMs = performance.now() - started
      // What was committed just after this round is shipped by the end of the next one.
      const waitMs = Math.max(intervalMs / 4, intervalMs * 0.9 - 2 * tookMs)
      await settleBy(new Promise<void>((resolve) => (this.#wake = resolve)), this.#isOver ? 0 : waitMs)
    }
    clearInterval(ticking)
  }

  async #round(copying: Copying): Promise<void> {
    if (this.#isOver) return
    try {
      if (!this.#entry) await this.#arriveLate(copying)
      await copying.round()
      if (this.#entry) this.#problem = undefined
    } catch (error) {
      this.#problem = problemFor(error, this.#settings.filename)
    }
  }

  /** The replica was away at the start. */
  async #arriveLate(copying: Copying): Promise<void> {
    if (performance.now() < this.#arriveAt) return
    const entered = await this.#enter(true)
    this.#arriveAt = performance.now() + arriveAgainMs
    if (!('code' in entered)) {
      this.#entry = entered
      this.#begin(copying, entered, true)
    } else if (entered.code === 'replica-unreachable') this.#problem = entered
    else this.#refuse(entered)
  }

  /** Somebody waits for the lease. The writer's turn is held until the program itself refuses writes. */
  async #handOver(target: ReplicaTarget): Promise<void> {
    // The lease is kept, and asked for again.
    if (!this.#copying || !this.#guard) throw new Error('the file is not open yet')
    this.#stayOpen()
    await this.#copying.catchUp()
    const turn = await this.#guard.takeTurn()
    try {
      await this.#copying.shipTail()
      this.#stayOpen()
    } catch (error) {
      await turn.release()
      throw error
    }
    const refused = new Promise<boolean>((resolve) => (this.#hasRefused = () => resolve(true)))
    this.#isHandedOver = true
    this.#refuse(handedOver(target))
    // What still waits for the writer would be acknowledged: the turn is kept then, until the file is closed.
    if (await within(refusalMs, refused).catch(() => false)) await turn.release()
  }

  /** Who closes the file gives the lease back once the rest is shipped, and not before. */
  #stayOpen(): void {
    if (this.#isOver) throw new Error('the file is being closed')
  }

  #refuse(problem: Problem): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#problem = problem
    this.#say({ refusal: problem })
    this.#wake()
  }

  async #shipRest(copying: Copying, deadline: Deadline): Promise<void> {
    while (
      deadline.leftMs > 0 &&
      !(await copying.catchUp().then(
        () => true,
        () => false,
      ))
    )
      await sleep(200)
  }

  #tell(copying: Copying): void {
    const { generation, behindMs, shippedAt } = copying
    const status: ReplicaStatus = {
      generation,
      behindMs: Math.round(behindMs),
      shippedAt,
      ...(this.#problem && { problem: this.#problem }),
    }
    this.#say({ status, known: copying.known })
  }

  async #serially<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work)
    this.#work = done.catch(() => undefined)
    return await done
  }
}

/** Whether there is one that holds something, or why that cannot be seen. */
function hasFile(filename: string): boolean | Problem {
  try {
    return (statSync(filename, { throwIfNoEntry: false })?.size ?? 0) > 0
  } catch (error) {
    return problemOfLook(error, filename)
  }
}

function placeOf({ replica, point, next, isSalvaged }: LocalRecord): KnownPlace {
  return { replica, point, ...(next && { next }), ...(isSalvaged && { isSalvaged }) }
}

function handedOver({ name }: ReplicaTarget): Problem {
  return problem('replica-in-use', { target: `The replica ${name}` })
}
