import { isAbsolute } from 'node:path'
import type { Knex } from 'knex'
import { problem, type Problem } from '../../problem/problem.ts'
import { readSettings } from '../../url/settings.ts'
import type { SqliteTarget } from '../../url/target.ts'
import type { LogEvent } from '../engine.ts'
import { engineDefaults } from '../engine-defaults.ts'
import { clientOf, dialectOf, type KnexModule } from '../knex-client.ts'
import type { Drivers, KnexOptions } from '../knex-options.ts'
import { logToKnex } from '../log.ts'
import { guardTransactions } from '../guard-transactions.ts'
import { sqliteClient, type SqliteClientOptions } from './dialect.ts'
import type { DriverDescription } from './driver-description.ts'
import type { SqliteDriver } from './driver-names.ts'
import type { FileKeeper } from './file-keeper.ts'
import { FileWatch } from './file-watch.ts'
import { chooseDriver } from './drivers.ts'
import { Preparation } from './preparation.ts'
import { sqliteProfile, type ProfileOptions, type SqliteProfile } from './profile.ts'
import { sqliteTransactions } from './transactions.ts'

/** How a SQLite database is opened. */
export interface OpenSqliteOptions extends ProfileOptions {
  /** Default: `auto`, the first that works. */
  readonly driver?: 'auto' | SqliteDriver
  /** How long a query may wait for a connection, in milliseconds. Default: 60,000. */
  readonly acquireTimeoutMs?: number
  /** Keeps a copy of the file. Default: none. */
  readonly keeper?: FileKeeper
  /** What the program says to knex itself. */
  readonly knex?: KnexOptions
  /** Packages that the program hands over. */
  readonly drivers?: Drivers
  readonly log?: (event: LogEvent) => void
}

/** A SQLite database, or why there is none. */
export type OpenedSqlite =
  | {
      readonly ok: true
      /** Its `destroy()` moves the log into the file and closes all connections; calling it again does nothing more. */
      readonly knex: Knex
      readonly driver: SqliteDriver
      /** Makes the place of the file ready; the first connection waits for it. */
      readonly preparation: Preparation
      /** Sees whether the file stays. */
      readonly watch: FileWatch
    }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Makes a knex for a SQLite database. Nothing touches the file before the first query.
 *
 * Writes and write transactions go through one connection, first come first served; reads have connections of their own. A
 * database in memory, on a network file system, or without WAL has one connection for all.
 *
 * @param target - `filename`: an absolute path, or `:memory:`; `params`: the URL's `journal_mode`, `synchronous`,
 *   `busy_timeout`, `foreign_keys`, `journal_size_limit` and `mode` are used.
 * @returns the knex, or `driver-missing`, `driver-broken`, `invalid-parameter`.
 *
 * Its queries reject with the driver's error, or with a {@link ProblemError}: `sqlite-busy` after waiting for the writer in
 * vain, `query-outside-transaction` for what could only wait for the transaction around it.
 *
 * @example
 * ```ts
 * const opened = openSqlite({ filename: '/data/app.db', params: {} }, { role: 'primary', filesystem: 'local' })
 * if (opened.ok) await opened.knex('tasks').insert({ title: 'Write' })
 * ```
 */
export function openSqlite(
  target: Pick<SqliteTarget, 'filename' | 'params'>,
  options: OpenSqliteOptions,
): OpenedSqlite {
  if (target.filename !== ':memory:' && !isAbsolute(target.filename)) {
    throw new TypeError('target.filename: neither an absolute path nor ":memory:"')
  }
  const planned = planSqlite(target, options)
  if (!planned.ok) return planned
  const { plan } = planned
  return { ok: true, ...makeSqliteKnex(plan), driver: plan.name, preparation: plan.preparation }
}

/** All that a knex for a SQLite database is made of. */
export interface SqlitePlan extends Omit<SqliteClientOptions, 'watch'> {
  /** Whether each statement is looked after: whether the file is still there. */
  readonly isWatched: boolean
  readonly keeper?: FileKeeper
  readonly name: SqliteDriver
  readonly knex: KnexModule
  /** What knex is told beside the class of its client. */
  readonly config: Knex.Config
}

/** Works out all settings of a SQLite database. */
export function planSqlite(
  target: Pick<SqliteTarget, 'filename' | 'params'>,
  options: OpenSqliteOptions,
): { readonly ok: true; readonly plan: SqlitePlan } | { readonly ok: false; readonly problem: Problem } {
  const read = readSettings({ dialect: 'sqlite', ...target })
  if (!read.ok)
    return {
      ok: false,
      problem: problem('invalid-parameter', { subject: 'The database URL', ...read.invalid[0] }),
    }
  const chosen = chooseDriver(options.driver ?? 'auto', options.drivers)
  if (!chosen.ok) return chosen
  const { description, knex } = chosen
  const profile = sqliteProfile(target.filename, read.settings, options, description)
  const { keeper } = options
  const place = { filename: profile.filename, mayCreate: !profile.mustExist }
  const preparation = new Preparation(place, chosen.name, keeper)
  if (options.filesystem === 'network') options.log?.(onNetwork)
  return {
    ok: true,
    plan: {
      ...chosen,
      profile,
      preparation,
      ...(keeper && { keeper }),
      isWatched: options.filesystem !== 'network',
      KnexTimeoutError: knex.KnexTimeoutError,
      config: plainConfig(profile, description, options),
      ...(options.log && { log: options.log }),
    },
  }
}

/** @param config - what the program says to knex beside the plan. */
export function makeSqliteKnex(
  plan: SqlitePlan,
  config: Knex.Config = plan.config,
): { readonly knex: Knex; readonly watch: FileWatch } {
  const watch = new FileWatch(plan.profile.filename, plan)
  const client = sqliteClient(dialectOf(plan.knex, plan.description.knexClient), { ...plan, watch })
  const knex = plan.knex({ ...config, client: client as unknown as typeof Knex.Client })
  guardTransactions(clientOf(knex), sqliteTransactions)
  return { knex, watch }
}

const onNetwork: LogEvent = {
  level: 'warn',
  event: 'sqlite-network',
  message:
    'The SQLite file is on a network file system, where locks cannot be relied on: one connection is used, and no other ' +
    'program may write to the file.',
}

function plainConfig(
  profile: SqliteProfile,
  { readers }: DriverDescription,
  { acquireTimeoutMs = engineDefaults.acquireTimeoutMs, log, knex }: OpenSqliteOptions,
): Knex.Config {
  const { pool, ...own } = knex ?? {}
  return {
    useNullAsDefault: true,
    asyncStackTraces: false,
    // A statement that failed is named without its values.
    compileSqlOnError: false,
    ...own,
    connection: { filename: profile.filename },
    pool: {
      // The only connection is kept: a database in memory is gone with it, and so is the lock on a network file.
      min: profile.oneConnection ? 1 : 0,
      max: profile.oneConnection ? 1 : readers,
      acquireTimeoutMillis: acquireTimeoutMs,
      createRetryIntervalMillis: 20,
      ...pool,
    },
    log: logToKnex(log, undefined, own),
  }
}
