import { existsSync } from 'node:fs'
import type { LogEvent } from '../engine.ts'
import type { KnexAnswer, RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import type { DriverDescription } from './driver-description.ts'
import type { FileWatch } from './file-watch.ts'
import type { Preparation } from './preparation.ts'
import type { SqliteProfile } from './profile.ts'
import { retryWhileBusy } from './retry.ts'

/** What a connection is made of. */
export interface ConnectOptions {
  readonly description: DriverDescription
  /** The loaded module. */
  readonly driver: unknown
  readonly profile: SqliteProfile
  /** Makes the place of the file ready, before the first connection. */
  readonly preparation: Preparation
  readonly watch: FileWatch
  readonly log?: (event: LogEvent) => void
}

/** What is known of the file, from all its connections. */
export interface FileState {
  wasOpened: boolean
  /** Why it could not be opened, the last time. */
  error: unknown
}

/** Makes the place ready, or says why a driver need not try. */
export async function prepare({ preparation }: Pick<ConnectOptions, 'preparation'>): Promise<void> {
  const prepared = await preparation.run()
  if (!prepared.ok) throw new ProblemError(prepared.problem)
}

/** What can be done with a connection. */
interface Actions {
  run(connection: RawConnection, sql: string): Promise<KnexAnswer>
  close(connection: RawConnection): Promise<unknown>
}

/**
 * Opens a connection, sets every pragma of the profile on it, and reads each back.
 *
 * @param readsOnly - whether a write through it is an error: that of what was taken for a read and writes after all.
 */
export async function connect(
  options: ConnectOptions,
  file: FileState,
  readsOnly: boolean,
  { run, close }: Actions,
): Promise<RawConnection> {
  try {
    const connection = await open(options, file)
    const set = async (): Promise<void> => {
      await setPragmas(options, (sql) => run(connection, sql))
      if (readsOnly) await run(connection, 'PRAGMA query_only = 1')
    }
    // Switching to WAL is refused at once, without waiting, where several programs open a new file together.
    await retryWhileBusy(options.profile.waitMs, set).catch(async (error: unknown) => {
      await close(connection)
      throw error
    })
    Object.assign(file, { wasOpened: true, error: undefined })
    options.watch.note()
    return connection
  } catch (error) {
    file.error = error
    throw error
  }
}

async function open(
  { description, driver, profile, watch }: ConnectOptions,
  { wasOpened }: FileState,
): Promise<RawConnection> {
  // Two files at one path must not share a log.
  watch.expectKept()
  // A file that was deleted meanwhile is not made anew, empty.
  const mustExist = profile.mustExist || (wasOpened && profile.filename !== ':memory:')
  if (mustExist && !existsSync(profile.filename)) {
    throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' })
  }
  return description.open(driver, profile.filename, profile.readOnly)
}

async function setPragmas(
  { profile, log }: ConnectOptions,
  run: (sql: string) => Promise<KnexAnswer>,
): Promise<void> {
  for (const [name, value] of profile.pragmas) {
    await run(`PRAGMA ${name} = ${value}`)
    const { response } = await run(`PRAGMA ${name}`)
    const [got] = Object.values((response as [object])[0])
    if (String(got) !== String(value)) log?.(notTaken(name, value, got))
  }
}

function notTaken(pragma: string, asked: string | number, got: unknown): LogEvent {
  const message = `SQLite did not take ${pragma} = ${asked}: it says ${String(got)}.`
  return { level: 'warn', event: 'sqlite-setting', message, details: { pragma, asked, got } }
}
