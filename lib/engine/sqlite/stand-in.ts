import type { RawConnection } from '../knex-client.ts'
import { countOwnTables, hashContents, holds, readContents, type Contents, type Run } from './contents.ts'
import { holdWriter, runOn, type WriterHold } from './hold-writer.ts'
import type { SqliteClient } from './sqlite-client.ts'
import {
  createRecord,
  readPromotedAt,
  readRecord,
  unknownContents,
  writeBaseline,
  writeWrittenAt,
  type StandInRecord,
} from './stand-in-record.ts'
import type { StandInState } from './stand-in-state.ts'
import type { WriterEvent } from './writer-events.ts'

/** A connection, and how statements run on it. */
type Asked = Pick<WriterHold, 'connection' | 'run'>

/** The writer, and what it had seen of the commits of others. */
interface Seen {
  readonly connection: RawConnection
  readonly version: string
}

/**
 * A file that stands in for the configured database, and knows whether anything was written to it: by this program through whatever
 * way, by another process, or in an earlier life. A commit is seen by a reader that is never closed (`PRAGMA data_version`); what happened
 * before it was opened shows in its contents, of which the baseline is kept in the table `failsoft_stand_in`.
 *
 * @see {@link https://sqlite.org/pragma.html#pragma_data_version}
 */
export class StandIn {
  /** Its own name, for as long as the file lives. */
  readonly id: string
  readonly #client: SqliteClient
  readonly #guard: RawConnection | undefined
  readonly #numbers = new WeakMap<RawConnection, number>()
  #lastNumber = 0
  #baseline: Contents
  #isClean: boolean
  #seen: Seen
  #version = ''
  #countedAt = ''
  #tables = 0
  #promotedAt: string | undefined
  #isHolding = false
  #onWrite: (() => void) | undefined

  private constructor(
    client: SqliteClient,
    guard: RawConnection | undefined,
    record: StandInRecord,
    seen: Seen,
  ) {
    this.id = record.id
    this.#client = client
    this.#guard = guard
    this.#baseline = record.baseline
    this.#isClean = record.isClean
    this.#promotedAt = record.promotedAt
    this.#seen = seen
  }

  /** Opens the file's own record, and makes it where there is none. It is prepared after that. */
  static async open(client: SqliteClient, timeoutMs: number): Promise<StandIn> {
    const hold = await holdWriter(client, timeoutMs)
    let record: StandInRecord
    let version: string
    try {
      record = (await readRecord(hold.run)) ?? (await createRecord(hold.run))
      version = await dataVersion(hold.run)
    } catch (error) {
      await hold.release()
      throw error
    }
    await hold.release('commit')
    const guard = client.oneConnection ? undefined : await client.openGuard()
    return new StandIn(client, guard, record, { connection: hold.connection, version })
  }

  /** What is known of it now. */
  get state(): StandInState {
    return { clean: this.#isClean, tables: this.#tables }
  }

  /** Calls the listener once something was written to it. */
  onWrite(listener: () => void): void {
    this.#onWrite = listener
  }

  /** What preparing it wrote is part of it. Watches it from now on. */
  async extend(timeoutMs: number): Promise<void> {
    const hold = await this.#hold(timeoutMs)
    try {
      if (this.#isClean) await this.#takeBaseline(hold)
      const version = await dataVersion(hold.run)
      await hold.run('commit')
      // In this process nobody else has had the writer meanwhile; what another one committed, the writer has seen.
      await hold.run('begin immediate')
      if ((await dataVersion(hold.run)) !== version) this.#isClean &&= await holds(hold.run, this.#baseline)
      this.#version = await this.#readVersion(hold)
      await this.#count(hold)
    } finally {
      await this.#release(hold)
    }
    if (this.#isClean) this.#client.watchWriter((connection, event) => this.#see(connection, event))
  }

  /** Looks again: others may have written to the file. */
  async look(timeoutMs: number): Promise<StandInState> {
    const guard = this.#guard
    if (guard) await this.#lookWith({ connection: guard, run: runOn(this.#client, guard) })
    else if (!this.#isClean) {
      const hold = await this.#hold(timeoutMs)
      await this.#lookWith(hold).finally(() => this.#release(hold))
    }
    return this.state
  }

  /**
   * Holds the writer, so that what is said of it stays true until it is released.
   *
   * @throws WaitTimeout, or the driver's error.
   */
  async hold(timeoutMs: number): Promise<StandInState & { release(): Promise<void> }> {
    const hold = await this.#hold(timeoutMs)
    try {
      await this.#lookWith(hold)
    } catch (error) {
      await this.#release(hold)
      throw error
    }
    return { ...this.state, release: () => this.#release(hold) }
  }

  async #hold(timeoutMs: number): Promise<WriterHold> {
    const hold = await holdWriter(this.#client, timeoutMs)
    this.#isHolding = true
    return hold
  }

  async #release(hold: WriterHold): Promise<void> {
    await hold.release().finally(() => (this.#isHolding = false))
  }

  async #takeBaseline({ connection, run }: WriterHold): Promise<void> {
    const isAlone = connection === this.#seen.connection && (await dataVersion(run)) === this.#seen.version
    if (isAlone) {
      this.#baseline =
        this.#baseline.promoted === undefined
          ? await readContents(run)
          : { ...this.#baseline, promoted: await hashContents(run) }
      await writeBaseline(run, this.#baseline)
      return
    }
    // Another process wrote to it: what it says itself decides.
    const record = await readRecord(run)
    this.#baseline = record?.baseline ?? unknownContents
    this.#isClean = record?.isClean ?? false
  }

  /** Before anybody else gets the writer, and before who wrote goes on. */
  async #see(connection: RawConnection, event: WriterEvent): Promise<void> {
    if (this.#isHolding || !this.#isClean) return
    // A guard sees commits alone; the one connection counts what is rolled back too.
    if (this.#guard && (event === 'begin' || event === 'rollback')) return
    const run = runOn(this.#client, connection)
    // The one connection was replaced, and what the last one did was not seen.
    const isNew = !this.#guard && !this.#numbers.has(connection)
    try {
      const version = await this.#readVersion({ connection, run })
      if (version === this.#version) return
      const isNoCommit =
        isNew || event === 'checkpoint' ? await holds(run, this.#baseline) : event === 'rollback'
      if (isNoCommit) this.#version = version
      else await this.#markWritten(run)
    } catch {
      this.#isClean = false
    }
  }

  async #markWritten(run: Run): Promise<void> {
    this.#isClean = false
    this.#client.watchWriter(undefined)
    await writeWrittenAt(run)
    this.#onWrite?.()
  }

  async #lookWith(asked: Asked): Promise<void> {
    const version = await this.#readVersion(asked)
    if (this.#isClean && version !== this.#version) this.#isClean = false
    if (!this.#isClean && version !== this.#countedAt) await this.#learnPromotion(asked.run, version)
    if (!this.#isClean && version !== this.#countedAt) await this.#count(asked)
  }

  /** Another program may have promoted it. Who writes to it after that is seen again. */
  async #learnPromotion(run: Run, version: string): Promise<void> {
    const promotedAt = await readPromotedAt(run)
    if (promotedAt === undefined || promotedAt === this.#promotedAt) return
    this.#promotedAt = promotedAt
    const record = await readRecord(run)
    if (!record?.isClean) return
    this.#baseline = record.baseline
    this.#version = version
    this.#isClean = true
    this.#client.watchWriter((connection, event) => this.#see(connection, event))
  }

  async #count(asked: Asked): Promise<void> {
    const version = await this.#readVersion(asked)
    this.#tables = this.#isClean ? 0 : await countOwnTables(asked.run, this.#baseline)
    // Once it is counted: who asks meanwhile counts too.
    this.#countedAt = version
  }

  /** Changes with each commit. The one connection sees its own, and has no others beside it. */
  async #readVersion({ connection, run }: Asked): Promise<string> {
    if (this.#guard) return await dataVersion(runOn(this.#client, this.#guard))
    const [changes] = await run('select total_changes() as n')
    const [schema] = await run('pragma schema_version')
    return `${this.#numberOf(connection)} ${String(changes?.['n'])} ${String(schema?.['schema_version'])}`
  }

  /** Each connection counts from nothing. */
  #numberOf(connection: RawConnection): number {
    const number = this.#numbers.get(connection) ?? ++this.#lastNumber
    this.#numbers.set(connection, number)
    return number
  }
}

async function dataVersion(run: Run): Promise<string> {
  const [row] = await run('pragma data_version')
  return String(row?.['data_version'])
}
