import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { array, assert, asyncProperty, constantFrom, oneof } from 'fast-check'
import type { Knex } from 'knex'
import { openDatabase, type ConnectionState, type Database, type OpenOptions } from 'failsoft/knex'
import type { SqliteDriver } from 'failsoft'
import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'

/** A database whose primary is away until it is let in, and that runs on a stand-in, for one life after the other. */
export class StandInLife {
  readonly directory: string
  readonly #options: OpenOptions
  #database: Database
  #seeds = 0

  constructor(driver: SqliteDriver, options: OpenOptions = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'failsoft-stand-in-'))
    writeFileSync(this.inTheWay, '')
    this.#options = {
      url: `sqlite:${join(this.inTheWay, 'app.db')}`,
      env: {},
      strategy: 'always',
      cwd: this.directory,
      sqliteDriver: driver,
      log: () => {},
      prepare: (knex) => this.#prepare(knex),
      ...options,
    }
    this.#database = openDatabase(this.#options)
  }

  get database(): Database {
    return this.#database
  }

  get inTheWay(): string {
    return join(this.directory, 'inTheWay')
  }

  /** Where the stand-in is. */
  get filename(): string {
    const { state } = this.#database
    if (state.status !== 'fallback') throw new Error(state.status)
    return state.location.filename
  }

  async begin(): Promise<ConnectionState> {
    return await this.#database.connect()
  }

  /** The program ends, and is started again. */
  async restart(): Promise<void> {
    await this.#database.close()
    this.#database = openDatabase(this.#options)
    await this.begin()
  }

  /** The next life prepares more than this one did. */
  growSeeds(): void {
    this.#seeds++
  }

  /** Lets the primary be there, and waits for what follows: a return, or that there is none although it answers. */
  async letPrimaryIn(isReturnExpected: boolean): Promise<ConnectionState> {
    rmSync(this.inTheWay)
    await this.#database.connect()
    const started = performance.now()
    const isOver = (): boolean => {
      const { state } = this.#database
      if (state.status !== 'fallback' || performance.now() - started > 10_000) return true
      return !isReturnExpected && state.primary?.reachable === true
    }
    while (!isOver()) await sleep(2)
    if (!isReturnExpected) await sleep(100)
    return this.#database.state
  }

  async end(): Promise<void> {
    await this.#database.close({ timeoutMs: 0 })
    rmSync(this.directory, { recursive: true, force: true })
  }

  async #prepare(knex: Knex): Promise<void> {
    if (!(await knex.schema.hasTable('tasks'))) {
      await knex.schema.createTable('tasks', (table) => {
        table.increments()
        table.text('title')
      })
      await knex.raw('create table logged (n integer)')
      await knex.raw('create trigger log after insert on tasks begin insert into logged values (1); end')
    }
    for (let n = 0; n < this.#seeds; n++) {
      const title = `seed ${n}`
      if (!(await knex('tasks').where({ title }).first())) await knex('tasks').insert({ title })
    }
  }
}

/** What may happen to a stand-in: whether something is committed by it, and whether a database in memory can live through it. */
export const happenings: Readonly<
  Record<
    string,
    { readonly commits: boolean; readonly onDisk?: true; do(life: StandInLife): Promise<unknown> }
  >
> = {
  read: { commits: false, do: ({ database }) => database.knex('tasks').select() },
  'write in a transaction': {
    commits: true,
    do: ({ database }) => database.transaction((trx) => trx('tasks').insert({ title: 'kept' })),
  },
  'write with a raw statement': {
    commits: true,
    do: ({ database }) => database.knex.raw("insert into tasks (title) values ('raw')"),
  },
  'write through a pin': {
    commits: true,
    async do({ database }) {
      const pin = await database.pin()
      await pin.knex('tasks').insert({ title: 'pinned' })
      pin.release()
    },
  },
  'write and take it back': {
    commits: true,
    async do({ database }) {
      await database.knex('logged').insert({ n: 2 })
      await database.knex('logged').where({ n: 2 }).del()
    },
  },
  'change the schema': {
    commits: true,
    do: ({ database }) => database.knex.raw('create table if not exists more (n)'),
  },
  'write, and roll back': {
    commits: false,
    do: ({ database }) =>
      database
        .transaction(async (trx) => {
          await trx('tasks').insert({ title: 'never' })
          throw new Error('no')
        })
        .catch(() => undefined),
  },
  'roll back a part of nothing': {
    commits: false,
    do: ({ database }) =>
      database
        .transaction(async (trx) => {
          await trx.transaction((inner) => inner('tasks').insert({ title: 'never' }))
          throw new Error('no')
        })
        .catch(() => undefined),
  },
  'an empty transaction': { commits: false, do: ({ database }) => database.transaction(async () => 1) },
  'a statement that fails': {
    commits: false,
    do: ({ database }) =>
      database
        .knex('nowhere')
        .insert({ n: 1 })
        .catch(() => undefined),
  },
  'a checkpoint': {
    commits: false,
    onDisk: true,
    do: ({ database }) => database.knex.raw('pragma wal_checkpoint(truncate)'),
  },
  'write from elsewhere': {
    commits: true,
    onDisk: true,
    async do({ filename, database }) {
      const { state } = database
      if (state.status !== 'fallback') throw new Error(state.status)
      const driver = state.engine.driver as SqliteDriver
      const other = openSqlite({ filename, params: {} }, { role: 'primary', filesystem: 'local', driver })
      if (!other.ok) throw new Error(other.problem.message)
      await other.knex('tasks').insert({ title: 'from elsewhere' })
      await other.knex.destroy()
    },
  },
  'look from elsewhere': {
    commits: false,
    onDisk: true,
    async do({ filename, database }) {
      const { state } = database
      if (state.status !== 'fallback') throw new Error(state.status)
      const driver = state.engine.driver as SqliteDriver
      const other = openSqlite({ filename, params: {} }, { role: 'primary', filesystem: 'local', driver })
      if (!other.ok) throw new Error(other.problem.message)
      await other.knex('tasks').select()
      await other.knex.destroy()
    },
  },
  'end and begin again': { commits: false, onDisk: true, do: (life) => life.restart() },
  'prepare more in another life': {
    commits: false,
    onDisk: true,
    async do(life) {
      life.growSeeds()
      await life.restart()
    },
  },
  'an outage': { commits: false, do: ({ database }) => database.returnToPrimary() },
}

/** In whatever order things happen, the program returns by itself if and only if nothing was committed to the stand-in. */
export async function checkReturns(
  driver: SqliteDriver,
  where: 'file' | 'memory',
  runs: number,
): Promise<void> {
  const names = Object.keys(happenings).filter((name) => where === 'file' || !happenings[name]?.onDisk)
  // Half of the runs commit nothing: else nearly all of them would.
  const idle = names.filter((name) => !happenings[name]?.commits)
  const orders = oneof(
    array(constantFrom(...names), { maxLength: 8 }),
    array(constantFrom(...idle), { maxLength: 8 }),
  )
  const property = asyncProperty(orders, async (order) => {
    const life = new StandInLife(driver, where === 'memory' ? { sqlite: { filename: ':memory:' } } : {})
    try {
      await life.begin()
      let isClean = true
      for (const name of order) {
        const { commits, do: act } = happenings[name]!
        await act(life)
        isClean &&= !commits
      }
      const state = await life.letPrimaryIn(isClean)
      if ((state.status === 'connected') !== isClean)
        throw new Error(
          `${state.status} after [${order.join(', ')}], which ${isClean ? 'committed nothing' : 'committed'}`,
        )
      if (state.status === 'fallback' && state.standIn.clean) throw new Error('it says that it is clean')
    } finally {
      await life.end()
    }
  })
  await assert(property, { numRuns: runs })
}
