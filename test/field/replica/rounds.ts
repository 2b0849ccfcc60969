import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqliteDriver } from 'failsoft'
import { judge, type Verdict } from './verdict.ts'
import { WriterProcess, type WriterOptions } from './writer-process.ts'

/** When a writer is killed. */
export type Moment = 'anytime' | 'base' | 'segment' | 'checkpoint' | 'restore' | 'end'

/** What came of a kill. */
export interface Round extends Verdict {
  readonly moment: Moment
  /** Whether what was waited for was seen before the kill. */
  readonly isMet: boolean
  /** From the start of the next process until it takes writes, in milliseconds. */
  readonly backMs: number
}

/** One database, killed again and again; each time its disk is gone. */
export class Rounds {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'failsoft-rounds-'))
  readonly #options: WriterOptions
  /** The last row that must be there: all that is older than the interval, when its writer was killed. */
  #last = 0

  constructor(driver: SqliteDriver, options: Partial<WriterOptions> = {}) {
    mkdirSync(this.local)
    mkdirSync(this.target)
    const filename = join(this.local, 'app.db')
    this.#options = { filename, replica: `file://${this.target}`, driver, ...options }
  }

  get local(): string {
    return join(this.folder, 'local')
  }

  get target(): string {
    return join(this.folder, 'replica')
  }

  /** Starts the database on an empty disk or on the one that is left, has it write, and kills it. */
  async round(
    moment: Moment,
    {
      isWiped = true,
      more = {},
    }: { readonly isWiped?: boolean; readonly more?: Partial<WriterOptions> } = {},
  ): Promise<Round> {
    if (isWiped) wipe(this.local)
    const writer = new WriterProcess({ ...this.#options, ...more })
    const isMet = await this.#wait(writer, moment)
    const killedAt = moment === 'end' ? await stop(writer) : await writer.kill()
    const next = await this.#look(isWiped)
    const { wrong, ...counts } = judge(writer, next.restored, writer.restored?.last ?? this.#last, killedAt)
    this.#last = next.restored?.last ?? 0
    const atEnd = [
      ...(moment === 'end' && counts.lost > 0 ? ['it was lost at an orderly end'] : []),
      ...(moment === 'end' && writer.closed !== 'closed' ? ['it did not close'] : []),
    ]
    return { moment, isMet, ...counts, backMs: next.backMs, wrong: [...wrong, ...atEnd] }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Starts it once more, and sees what it holds. */
  async #look(isWiped: boolean): Promise<{ restored: WriterProcess['restored']; backMs: number }> {
    if (isWiped) wipe(this.local)
    const started = performance.now()
    const writer = new WriterProcess({ ...this.#options, perSecond: 0.001 })
    await writer.until(() => writer.restored !== undefined)
    const backMs = performance.now() - started
    await writer.stop()
    return { restored: writer.restored, backMs }
  }

  async #wait(writer: WriterProcess, moment: Moment): Promise<boolean> {
    if (moment === 'restore')
      return await watch(writer, () => existsSync(join(this.local, 'app.db-restoring')))
    if (moment === 'base') return await watch(writer, () => this.#hasBase())
    await writer.until(() => writer.acknowledged.length > 0)
    if (moment === 'segment') {
      await sleep(Math.random() * 1500)
      return await watch(writer, () => list(join(this.target, '.parts')).length > 0)
    }
    if (moment === 'checkpoint') {
      const { mtimeMs } = statSync(join(this.local, 'app.db'))
      return await watch(writer, () => statSync(join(this.local, 'app.db')).mtimeMs !== mtimeMs)
    }
    await sleep(200 + Math.random() * 3000)
    return true
  }

  /** A base of which a part is there, and that is not in use yet. */
  #hasBase(): boolean {
    const generations = join(this.target, 'generations')
    const newest = list(generations).toSorted().at(-1)
    if (newest === undefined) return false
    const names = list(join(generations, newest))
    return names.includes('base') && !names.some((name) => name.startsWith('start-'))
  }
}

async function stop(writer: WriterProcess): Promise<number> {
  await writer.stop()
  return Date.now()
}

async function watch(writer: WriterProcess, isSo: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 30_000
  while (!writer.hasEnded && performance.now() < deadline) {
    if (isSo()) return true
    await sleep(1)
  }
  return false
}

function wipe(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
