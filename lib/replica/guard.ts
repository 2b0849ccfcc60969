import { SqliteHandle, type DriverPlace } from './sqlite-handle.ts'

/** The writer's turn: nobody else commits, in no process. */
export interface WriterTurn {
  release(): Promise<void>
}

/**
 * Holds the log of a SQLite file: while its read transaction is open, nobody begins the log anew, and once all of the log was moved
 * into the file, nobody moves anything more.
 *
 * @see {@link https://sqlite.org/wal.html#concurrency}
 */
export class Guard {
  /** Of the file itself. */
  readonly descriptor: number
  #reader: SqliteHandle
  #writer: SqliteHandle

  private constructor(descriptor: number, reader: SqliteHandle, writer: SqliteHandle) {
    this.descriptor = descriptor
    this.#reader = reader
    this.#writer = writer
  }

  /**
   * Puts the file into WAL mode, and holds its log from then on.
   *
   * @param descriptor - of the file. It was opened before any connection, and is closed after them: closing it drops all locks of the process.
   */
  static async open(driver: DriverPlace, filename: string, descriptor: number): Promise<Guard> {
    const opened: SqliteHandle[] = []
    try {
      for (let count = 0; count < 2; count++) opened.push(await SqliteHandle.open(driver, filename))
      const [reader, writer] = opened as [SqliteHandle, SqliteHandle]
      const [mode] = await writer.pragma('journal_mode = wal')
      if (mode !== 'wal') throw new Error(`SQLite keeps to journal_mode ${String(mode)}`)
      const guard = new Guard(descriptor, reader, writer)
      await hold(reader)
      return guard
    } catch (error) {
      for (const handle of opened) await handle.close()
      throw error
    }
  }

  /** Waits for the writer's turn, and holds it; rejects with the driver's error where another keeps it for two seconds. */
  async takeTurn(): Promise<WriterTurn> {
    await this.#writer.all('begin immediate')
    return { release: async () => void (await this.#writer.all('rollback')) }
  }

  /**
   * Moves the log into the file, as far as no reader needs the older pages. The writer's turn is held, and all of the log was read.
   *
   * @returns whether all of it was moved.
   */
  async checkpoint(): Promise<boolean> {
    await letGo(this.#reader)
    try {
      return (await moveLog(this.#reader)) === 'all'
    } finally {
      await hold(this.#reader)
    }
  }

  /** Moves into the file what is committed by now, while others go on to commit: what is left for the writer's turn is little. */
  async moveAhead(): Promise<void> {
    // Where the file holds all of the log, a transaction that begins now reads the file alone, and does not keep the log.
    if ((await moveLog(this.#writer)) !== 'some') return
    try {
      await hold(this.#writer)
    } catch (error) {
      await letGo(this.#writer)
      throw error
    }
    // From a later place in the log on. For a moment both hold it, so that nobody begins it anew in between.
    await letGo(this.#reader)
    ;[this.#reader, this.#writer] = [this.#writer, this.#reader]
    await moveLog(this.#writer)
  }

  /** Lets go. The last connection to a file deletes its log. */
  async close(): Promise<void> {
    await this.#reader.close()
    await this.#writer.close()
  }
}

/** Nothing is held any more where the disk has failed meanwhile: SQLite has rolled back then. */
async function letGo(handle: SqliteHandle): Promise<void> {
  await handle.all('rollback').catch(() => undefined)
}

async function hold(handle: SqliteHandle): Promise<void> {
  await handle.all('begin')
  await handle.all('select count(*) from sqlite_schema')
}

/** Moves the log into the file, and returns how much of it is there now; not known where another program is just about it. */
async function moveLog(handle: SqliteHandle): Promise<'all' | 'some' | 'unknown'> {
  const [isBusy, pages, moved] = await handle.pragma('wal_checkpoint(passive)')
  if (isBusy !== 0) return 'unknown'
  return pages === moved ? 'all' : 'some'
}
