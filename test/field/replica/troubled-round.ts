import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqliteDriver } from 'failsoft'
import type { TroubledTarget, Trouble } from './troubles.ts'
import { judge, type Verdict } from './verdict.ts'
import { WriterProcess } from './writer-process.ts'

/** When a writer is killed whose replica is in trouble: within the trouble, or once it is over. */
export type Ending = 'within' | 'after'

/** Brings the replica of a writer into trouble, kills the writer, loses its disk, and starts it again. */
export async function troubledRound(
  trouble: Trouble,
  driver: SqliteDriver,
  ending: Ending,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'failsoft-trouble-'))
  const target = await trouble.make(folder)
  try {
    return await new TroubledRound(trouble, target, join(folder, 'local'), driver).run(ending)
  } finally {
    await target.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

class TroubledRound {
  readonly #trouble: Trouble
  readonly #target: TroubledTarget
  readonly #local: string
  readonly #driver: SqliteDriver
  readonly #wrong: string[] = []

  constructor(trouble: Trouble, target: TroubledTarget, local: string, driver: SqliteDriver) {
    this.#trouble = trouble
    this.#target = target
    this.#local = local
    this.#driver = driver
  }

  async run(ending: Ending): Promise<Verdict> {
    const writer = this.#start()
    await this.#expect(writer, 'it began to copy', () => this.#isCopied(writer, writer.startedAt + 2000))
    const beganAt = Date.now()
    await this.#target.begin()
    await this.#expect(writer, 'it said that it is behind', () => (writer.copy?.behindMs ?? 0) > 2500)
    if (!this.#trouble.isSlow)
      await this.#expect(writer, 'it said why', () => writer.copy?.problem?.code === 'replica-unreachable')
    const { endedAt, next } = await (ending === 'within'
      ? this.#endWithin(writer, beganAt)
      : this.#endAfter(writer))
    const verdict = judge(writer, next.restored, 0, endedAt)
    await next.stop()
    return { ...verdict, wrong: [...this.#wrong, ...verdict.wrong] }
  }

  /** Killed while its replica is in trouble: what comes after it finds no database, and begins none. */
  async #endWithin(
    writer: WriterProcess,
    beganAt: number,
  ): Promise<{ endedAt: number; next: WriterProcess }> {
    await writer.kill()
    const next = this.#start()
    if (!this.#trouble.isSlow) {
      const refused = (): string[] =>
        next.waits.flatMap(({ status, problem }) =>
          status === 'unavailable' && problem ? [problem.code] : [],
        )
      await this.#expect(next, 'it waited for its replica', () => refused().length > 1)
      if (refused().some((code) => code !== 'replica-unreachable'))
        this.#wrong.push(`it waited: ${refused().join()}`)
    }
    await this.#target.end()
    await this.#expect(next, 'it came back', () => next.restored !== undefined)
    return { endedAt: beganAt, next }
  }

  /** Killed once its replica is well again, and holds all that was written meanwhile. */
  async #endAfter(writer: WriterProcess): Promise<{ endedAt: number; next: WriterProcess }> {
    await this.#target.end()
    const wellAt = Date.now()
    await this.#expect(writer, 'it caught up', () => this.#isCopied(writer, wellAt + 1500))
    const endedAt = await writer.kill()
    const next = this.#start()
    await this.#expect(next, 'it came back', () => next.restored !== undefined)
    return { endedAt, next }
  }

  #isCopied({ copy }: WriterProcess, until: number): boolean {
    return copy?.problem === undefined && (copy?.shippedAt ?? 0) > until
  }

  #start(): WriterProcess {
    rmSync(this.#local, { recursive: true, force: true })
    mkdirSync(this.#local)
    const filename = join(this.#local, 'app.db')
    return new WriterProcess({ filename, replica: this.#target.url, driver: this.#driver })
  }

  async #expect(writer: WriterProcess, what: string, isSo: () => boolean): Promise<void> {
    if (!(await writer.until(isSo))) this.#wrong.push(`never: ${what}`)
  }
}
