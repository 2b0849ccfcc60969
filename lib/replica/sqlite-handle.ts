import { createRequire } from 'node:module'
import { describeDriver } from '../engine/sqlite/drivers.ts'
import type { SqliteDriver } from '../engine/sqlite/driver-names.ts'
import { classify, problemIn } from '../engine/errors/classify-error.ts'
import type { RawConnection } from '../engine/knex-client.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { describeFile } from '../resolve/sqlite-location.ts'

/** The driver that the program uses, for a thread beside it: a second SQLite library on the file would drop the locks of the first. */
export interface DriverPlace {
  readonly name: SqliteDriver
  /** The file, or the module of Node.js, that is loaded. */
  readonly path: string
}

/** One connection to a SQLite file, past knex. */
export class SqliteHandle {
  readonly #driver: ReturnType<typeof describeDriver>
  readonly #connection: RawConnection

  private constructor(driver: ReturnType<typeof describeDriver>, connection: RawConnection) {
    this.#driver = driver
    this.#connection = connection
  }

  /** Opens a connection that never checkpoints by itself. */
  static async open({ name, path }: DriverPlace, filename: string): Promise<SqliteHandle> {
    const driver = describeDriver(name)
    const module: unknown = createRequire(import.meta.url)(path)
    const handle = new SqliteHandle(driver, await driver.open(module, filename, false))
    await handle.all(`pragma busy_timeout = ${busyTimeoutMs}`)
    await handle.all('pragma wal_autocheckpoint = 0')
    return handle
  }

  /** Runs one statement. */
  async all(sql: string): Promise<readonly object[]> {
    return await this.#driver.all(this.#connection, sql)
  }

  /** Runs a pragma, and returns the values of its first row. */
  async pragma(text: string): Promise<readonly unknown[]> {
    const [row] = await this.all(`pragma ${text}`)
    return Object.values(row ?? {})
  }

  async close(): Promise<void> {
    await this.#driver.close(this.#connection)
  }
}

/** How long SQLite waits for a lock. It is another thread that waits. */
const busyTimeoutMs = 2000

/**
 * What SQLite's `integrity_check` says of a file: `ok`, or what is wrong with it. It rejects where the check could not be made, which
 * says nothing of the file.
 */
export async function checkIntegrity(driver: DriverPlace, filename: string): Promise<string> {
  try {
    const handle = await SqliteHandle.open(driver, filename)
    try {
      const rows = await handle.all('pragma integrity_check')
      return rows.map((row) => String(Object.values(row)[0])).join('; ')
    } finally {
      await handle.close()
    }
  } catch (error) {
    const found = classify(error, { target: describeFile(filename), dialect: 'SQLite' })
    if (found.kind === 'connection' && problemCatalogue[found.code].file !== 'damaged')
      throw new ProblemError(problemIn(found), { cause: error })
    return (error as Error).message
  }
}
