import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.js'

/** A private PgBouncer in front of a server. */
export interface Pgbouncer {
  readonly port: number
  /** Stops it at once; `start` may follow. */
  stop(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** How it is set up. */
export interface PgbouncerOptions {
  /** The lines of `[databases]`, such as `todo = host=127.0.0.1 port=5432`. */
  readonly databases: readonly string[]
  /** Further lines of `[pgbouncer]`, such as `pool_mode = transaction`. */
  readonly settings?: readonly string[]
  /** Who may log in: names and passwords. */
  readonly users: Readonly<Record<string, string>>
}

/** Whoever runs it must not be root. */
const nobody = 65_534

/** Starts one on a free port of 127.0.0.1, where it is installed; else says why not. */
export async function startPgbouncer(
  options: PgbouncerOptions,
): Promise<Pgbouncer | { readonly skip: string }> {
  if (spawnSync('pgbouncer', ['--version']).error) return { skip: 'pgbouncer is not installed' }
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-pgbouncer-'))
  chmodSync(directory, 0o755)
  const port = await freePort()
  const config = join(directory, 'pgbouncer.ini')
  const users = join(directory, 'users.txt')
  writeFileSync(
    users,
    Object.entries(options.users)
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(''),
  )
  writeFileSync(
    config,
    [
      '[databases]',
      ...options.databases,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${users}`,
      ...(options.settings ?? []),
      '',
    ].join('\n'),
  )
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    server ??= await run(config)
  }
  const stop = async (): Promise<void> => {
    if (!server) return
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
    server = undefined
  }
  await start()
  return {
    port,
    start,
    stop,
    remove: async () => {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Starts it and waits until it listens. */
async function run(config: string): Promise<ChildProcess> {
  const isRoot = process.getuid?.() === 0
  const server = spawn('pgbouncer', [config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot && { uid: nobody, gid: nobody }),
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line)
    if (line.includes('process up')) {
      server.stderr.on('error', () => {}).resume()
      return server
    }
  }
  throw new Error(`pgbouncer did not start:\n${lines.join('\n')}`)
}
