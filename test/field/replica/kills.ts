import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqliteDriver } from 'failsoft'
import type { BucketProxy, Fate } from '../../servers/bucket-proxy.js'
import { judge, type Verdict } from './verdict.ts'
import { WriterProcess, type WriterOptions } from './writer-process.ts'

/** A moment at which a writer is killed. */
export interface Kill {
  readonly name: string
  /** The request to the bucket at which it is, by method and key; absent: while the log is moved into the file. */
  readonly at?: RegExp
  /** Whether the bucket has done then what it was asked for. */
  readonly isDone?: boolean
  /** The first such request that counts. */
  readonly nth?: number
  /** How much such requests have to bring first, by what their names say. */
  readonly bytes?: number
  readonly writes?: Pick<WriterOptions, 'perSecond' | 'churnEvery'>
  /** Whether its disk stays. */
  readonly isKept?: boolean
  /** Whether it is left to bench/replica-rounds.ts. */
  readonly isRare?: boolean
}

const base = /^PUT generations\/.*\/base\//
const start = /^PUT generations\/.*\/start-/
const segment = /^PUT generations\/.*\/segments\//
/** Until so much was written over that the next life begins with a new base. */
const churning = { at: segment, isDone: true, bytes: 20_000_000, writes: { churnEvery: 30 } } as const

/** One history, from one kill to the next. */
export const kills: readonly Kill[] = [
  { name: 'at the first base', at: base },
  { name: 'at the beginning of the first generation', at: start, isRare: true },
  { name: 'once the first generation began', at: start, isDone: true },
  { name: 'at a segment', at: segment, nth: 2 },
  { name: 'once a segment was there', at: segment, isDone: true, nth: 2 },
  { name: 'at what says how far it is whole', at: /^PUT proved/, isRare: true },
  { name: 'at the claim of the lease', at: /^PUT lease\/\d+$/, isDone: true, isRare: true },
  { name: 'in a restore, at the base', at: /^GET generations\/.*\/base\// },
  { name: 'in a restore, at a segment', at: /^GET generations\/.*\/segments\//, nth: 2 },
  { name: 'while much is written over', ...churning },
  { name: 'at a new base', at: base },
  { name: 'once a part of a new base was there', at: base, isDone: true, nth: 2, isRare: true },
  { name: 'at the beginning of a new generation', at: start, nth: 2, isRare: true },
  { name: 'once a new generation began', at: start, isDone: true, nth: 2 },
  { name: 'while much is written over again', ...churning },
  { name: 'while old generations are removed', at: /^DELETE generations\//, isDone: true, nth: 2 },
  { name: 'while the log is moved into the file', writes: { churnEvery: 30 } },
  { name: 'the same, and the disk stays', writes: { churnEvery: 30 }, isKept: true },
]

/** One database, killed at one moment after the other. */
export class KilledDatabase {
  readonly #folder = mkdtempSync(join(tmpdir(), 'failsoft-kills-'))
  readonly #local = join(this.#folder, 'local')
  readonly #proxy: BucketProxy
  readonly #url: string
  #last = 0

  /** @param prefix - in the bucket. */
  constructor(proxy: BucketProxy, prefix: string) {
    this.#proxy = proxy
    this.#url = `s3://bucket/${prefix}?endpoint=http://127.0.0.1:${proxy.port}`
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Starts it, kills it at its moment, and starts it again. */
  async kill(kill: Kill, driver: SqliteDriver): Promise<Verdict & { readonly isMet: boolean }> {
    const writer = this.#start(driver, { isKept: false, ...kill.writes })
    const isMet = kill.at ? await this.#atRequest(writer, kill) : await this.#atCheckpoint(writer)
    const killedAt = await writer.kill()
    const isInside = kill.at !== undefined || this.#isMoving()
    const next = this.#start(driver, { isKept: kill.isKept === true, perSecond: 0.001 })
    await next.until(() => next.restored !== undefined)
    const verdict = judge(writer, next.restored, writer.restored?.last ?? this.#last, killedAt)
    await next.stop()
    this.#last = next.restored?.last ?? 0
    return { ...verdict, isMet: isMet && isInside }
  }

  #start(driver: SqliteDriver, { isKept, ...writes }: Kill['writes'] & { isKept: boolean }): WriterProcess {
    if (!isKept) rmSync(this.#local, { recursive: true, force: true })
    mkdirSync(this.#local, { recursive: true })
    const [filename, replica] = [join(this.#local, 'app.db'), this.#url]
    return new WriterProcess({ filename, replica, driver, seedMegabytes: 12, ...writes })
  }

  async #atRequest(
    writer: WriterProcess,
    { at, isDone = false, nth = 1, bytes = 0 }: Kill,
  ): Promise<boolean> {
    let count = 0
    let brought = 0
    const look = (method: string, url: string): Fate => {
      const [, key = ''] = /^\/bucket\/[^/]+\/(.+)$/.exec(url) ?? []
      if (!at?.test(`${method} ${key}`)) return 'pass'
      brought += Number(/-(\d+)-[\da-f]{32}/.exec(key)?.[1] ?? 0)
      if (++count < nth || brought < bytes) return 'pass'
      writer.child.kill('SIGKILL')
      return 'drop'
    }
    this.#proxy[isDone ? 'after' : 'before'] = look
    await writer.until(() => writer.hasEnded, 90_000)
    this.#proxy.before = this.#proxy.after = () => 'pass'
    return count >= nth && brought >= bytes
  }

  async #atCheckpoint(writer: WriterProcess): Promise<boolean> {
    await writer.until(() => writer.acknowledged.length > 100)
    for (const until = performance.now() + 60_000; performance.now() < until; await sleep(1)) {
      if (this.#isMoving()) return true
    }
    return false
  }

  /** SQLite writes down how much of the log it moves into the file, and how much it has moved. */
  #isMoving(): boolean {
    const bytes = Buffer.alloc(4 + 32)
    try {
      const descriptor = openSync(join(this.#local, 'app.db-shm'), 'r')
      readSync(descriptor, bytes, 0, bytes.length, 96)
      closeSync(descriptor)
    } catch {
      return false
    }
    return bytes.readUInt32LE(0) < bytes.readUInt32LE(32)
  }
}
