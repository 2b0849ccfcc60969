import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from './free-port.js'
import { newServerFolder, serversFolder } from './server-folder.js'

/** A private MariaDB server. */
export interface MariadbServer {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly socket: string
  readonly user: string
  readonly password: string
  readonly database: string
  /** Stops it; `start` may follow. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, on the same port and data, perhaps with other flags. */
  start(flags?: readonly string[]): Promise<void>
  /** Stops it, if need be, and removes its data. */
  remove(): Promise<void>
}

/**
 * Starts a MariaDB server of its own, where `mariadbd` is installed.
 *
 * @param options - `flags`: further flags of `mariadbd`; `port`: default a free one.
 * @returns the server, or why there is none.
 */
export async function startMariadb(
  options: { flags?: readonly string[]; port?: number } = {},
): Promise<MariadbServer | { readonly skip: string }> {
  const directory = newServerFolder('mariadb')
  const dataDirectory = join(directory, 'data')
  const osUser = userInfo().username
  try {
    cpSync(await template(osUser), dataDirectory, { recursive: true })
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { skip: 'mariadbd is not installed' }
    throw error
  }
  const [user, password, database, host] = ['failsoft', 's3cret', 'failsoft', '127.0.0.1']
  const port = options.port ?? (await freePort())
  const socket = join(directory, 'socket')
  const initFile = join(directory, 'init.sql')
  writeFileSync(
    initFile,
    `create database if not exists ${database};\n` +
      `create or replace user '${user}'@'%' identified by '${password}';\n` +
      `grant all on *.* to '${user}'@'%' with grant option;\n`,
  )
  const flags = [
    '--no-defaults',
    `--datadir=${dataDirectory}`,
    `--user=${osUser}`,
    `--port=${port}`,
    `--bind-address=${host}`,
    `--socket=${socket}`,
    `--pid-file=${join(directory, 'pid')}`,
    `--init-file=${initFile}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=8M',
  ]
  let server: ChildProcess | undefined
  const start = async (more: readonly string[] = options.flags ?? []): Promise<void> => {
    if (!server) server = await run([...flags, ...more])
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (!server) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
    server = undefined
  }
  await start()
  return {
    url: `mysql://${user}:${password}@${host}:${port}/${database}`,
    host,
    port,
    socket,
    user,
    password,
    database,
    start,
    stop,
    remove: async () => {
      await stop('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** An empty data directory of this version, made once a machine: making one takes seconds. */
async function template(osUser: string): Promise<string> {
  const { stdout } = await promisify(execFile)('mariadbd', ['--version'])
  const version = /[\d.]+-MariaDB/.exec(stdout)?.[0]
  const path = join(serversFolder, `failsoft-${osUser}-empty-${version}`)
  if (existsSync(path)) return path
  const made = mkdtempSync(`${path}-`)
  await promisify(execFile)('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${made}`,
    `--user=${osUser}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--innodb-log-file-size=8M',
  ])
  try {
    renameSync(made, path)
  } catch {
    // Another test was faster.
    rmSync(made, { recursive: true, force: true })
  }
  return path
}

/** Starts the server and waits until it takes connections. */
async function run(flags: readonly string[]): Promise<ChildProcess> {
  const server = spawn('mariadbd', flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line)
    if (line.includes('ready for connections')) {
      server.stderr.on('error', () => {}).resume()
      return server
    }
  }
  throw new Error(`mariadbd did not start:\n${lines.join('\n')}`)
}
