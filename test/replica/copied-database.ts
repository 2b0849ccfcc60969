import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, type ConnectionState, type Database, type OpenOptions } from 'failsoft/knex'
import { hashOf } from '#lib/replica/hash.js'
import { newFolder } from '#test/new-folder.js'

type Copied = Extract<ConnectionState, { status: 'connected' | 'fallback' }>

/** How often a test's database is copied, in milliseconds. */
const replicaIntervalMs = 50

const home = newFolder()
let count = 0

/** A SQLite file with a replica in a directory, for one life after the other. */
export class CopiedDatabase {
  readonly folder: string = join(home, String(++count))
  readonly #more: OpenOptions

  constructor(more: OpenOptions = {}) {
    mkdirSync(this.local, { recursive: true })
    mkdirSync(this.replica)
    this.#more = more
  }

  get local(): string {
    return join(this.folder, 'local')
  }

  get filename(): string {
    return join(this.local, 'app.db')
  }

  get replica(): string {
    return join(this.folder, 'replica')
  }

  get env(): Readonly<Record<string, string>> {
    return { DATABASE_URL: `sqlite:${this.filename}`, SQLITE_REPLICA: `file://${this.replica}` }
  }

  /** Opens it without connecting. */
  open(more: OpenOptions = {}): Database {
    return openDatabase({
      env: this.env,
      cwd: this.folder,
      // Where Node.js has a driver itself, nothing else in these tests is about the others.
      ...(isBuiltin('node:sqlite') && { sqliteDriver: 'node:sqlite' }),
      sqlite: { replicaIntervalMs },
      log: () => {},
      prepare: async (knex) => {
        if (!(await knex.schema.hasTable('rows')))
          await knex.schema.createTable('rows', (table) => table.increments('n'))
      },
      ...this.#more,
      ...more,
    })
  }

  #another(): this {
    return new (this.constructor as new (more: OpenOptions) => this)(this.#more)
  }

  /** Another place with the same replica. */
  elsewhere(): this {
    const other = this.#another()
    rmSync(other.replica, { recursive: true })
    Object.defineProperty(other, 'replica', { value: this.replica })
    return other
  }

  /** The same history in a place of its own. */
  copy(): this {
    const other = this.#another()
    // What is known of a file holds its time to the nanosecond.
    execFileSync('cp', ['-a', '--no-target-directory', this.folder, other.folder])
    return other
  }

  /** Loses the disk. */
  wipe(): void {
    rmSync(this.local, { recursive: true })
    mkdirSync(this.local)
  }

  /** The keys in the replica, but for those of the lease. */
  keys(): string[] {
    const names = readdirSync(this.replica, { recursive: true, encoding: 'utf8' })
    const keys = names.filter((name) => /^(?:generations|proved)/.test(name))
    return keys.filter((key) => statSync(join(this.replica, key)).isFile()).toSorted()
  }

  /** The hash of each file in the replica, and of the database file. */
  contents(): Record<string, string> {
    const all = Object.fromEntries(
      this.keys().map((key) => [key, hashOf(readFileSync(join(this.replica, key)))]),
    )
    return existsSync(this.filename) ? { ...all, file: hashOf(readFileSync(this.filename)) } : all
  }
}

/** Writes rows, each in a transaction of its own. */
export async function write(database: Database, rows: number): Promise<void> {
  for (let row = 0; row < rows; row++) await database.knex('rows').insert({})
}

export async function countRows(database: Database): Promise<number> {
  return (await database.knex('rows')).length
}

/** Waits until the state is as asked. */
export async function until(database: Database, isSo: (state: Copied) => boolean): Promise<Copied> {
  while (!isSo(database.state as Copied)) await sleep(10)
  return database.state as Copied
}

/** Waits until what is committed by now is in the replica. */
export async function untilShipped(database: Database): Promise<Copied> {
  const now = Date.now()
  return await until(database, ({ replica }) => replica !== undefined && replica.shippedAt >= now)
}

/** Opens it again, and waits for the lease of who could not give it back. */
export async function reopen(place: CopiedDatabase, more: OpenOptions = {}): Promise<Database> {
  const database = place.open(more)
  void database.connect()
  await until(database, ({ status }) => status === 'connected')
  return database
}

/** Loses the disk, and counts what comes back; -1 where that is damaged. */
export async function restoredRows(place: CopiedDatabase): Promise<number> {
  place.wipe()
  await using again = place.open()
  await again.connect()
  const [found] = (await again.knex.raw('pragma integrity_check')) as [{ integrity_check: string }]
  return found.integrity_check === 'ok' ? await countRows(again) : -1
}
