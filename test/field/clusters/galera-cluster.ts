import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../servers/free-port.js'
import { startMariadb } from '../../servers/mariadb.js'

/** One node of a cluster. */
export interface GaleraNode {
  readonly port: number
  /** Runs one statement, as nobody of the test's clients. */
  ask(sql: string): Promise<unknown>
  /** What it says of itself (`SHOW STATUS`). */
  read(status: string): Promise<unknown>
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>
}

/** Three nodes, each of which takes writes. */
export interface GaleraCluster {
  readonly nodes: readonly GaleraNode[]
  readonly url: string
  remove(): Promise<void>
}

const provider = '/usr/lib/galera/libgalera_smm.so'
const [user, password, database] = ['failsoft', 's3cret', 'failsoft']

/** Why there can be no cluster on this machine. */
function missing(): string | undefined {
  const isInstalled = (command: string): boolean =>
    (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, command)))
  const absent = ['mariadbd', 'mariadb-backup', 'socat'].filter((command) => !isInstalled(command))
  if (!existsSync(provider)) absent.push('galera-4')
  return absent.length > 0 ? `not installed: ${absent.join(', ')}` : undefined
}

/** Starts a cluster, where Debian's packages for it are installed. */
export async function startGaleraCluster(): Promise<GaleraCluster | { readonly skip: string }> {
  const skip = missing()
  if (skip !== undefined) return { skip }
  const template = await startMariadb()
  if ('skip' in template) return template
  await template.stop()
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-galera-'))
  const servers: ChildProcess[] = []
  const remove = async (): Promise<void> => {
    await Promise.all(servers.map((server) => end(server)))
    await template.remove()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const nodes: GaleraNode[] = []
    const peers = await Promise.all([freePort(), freePort(), freePort()])
    for (const [index, peer] of peers.entries()) {
      const home = join(directory, `${index}`)
      mkdirSync(home)
      // Each begins with the same data, and yet receives all of the first one's.
      cpSync(join(template.socket, '..', 'data'), join(home, 'data'), { recursive: true })
      const port = await freePort()
      const file = join(home, 'my.cnf')
      writeFileSync(
        file,
        configure({ home, port, peer, peers, receiver: await freePort(), ist: await freePort() }),
      )
      const server = await run([`--defaults-file=${file}`, ...(index === 0 ? ['--wsrep-new-cluster'] : [])])
      servers.push(server)
      nodes.push({
        port,
        ask: async (sql) => ask(port, sql),
        read: async (status) =>
          ((await ask(port, `show status where Variable_name = '${status}'`)) as [{ Value: unknown }])[0]
            .Value,
        kill: async () => end(server),
      })
    }
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')
    return { nodes, url: `mysql://${user}:${password}@${hosts}/${database}`, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

interface NodeSettings {
  readonly home: string
  readonly port: number
  /** Where nodes talk to each other. */
  readonly peer: number
  readonly peers: readonly number[]
  /** Where it receives all data, and where the last changes only. */
  readonly receiver: number
  readonly ist: number
}

function configure({ home, port, peer, peers, receiver, ist }: NodeSettings): string {
  const options = [
    `base_port=${peer}`,
    `gmcast.listen_addr=tcp://127.0.0.1:${peer}`,
    `ist.recv_addr=127.0.0.1:${ist}`,
    'gcache.size=16M',
    // How soon the others go on without a node that says nothing; five seconds by default.
    'evs.keepalive_period=PT0.3S',
    'evs.suspect_timeout=PT2S',
    'evs.inactive_timeout=PT4S',
  ]
  return `[mariadbd]
datadir=${join(home, 'data')}
user=${userInfo().username}
port=${port}
bind-address=127.0.0.1
socket=${join(home, 'socket')}
pid-file=${join(home, 'pid')}
binlog_format=ROW
innodb_autoinc_lock_mode=2
innodb_flush_log_at_trx_commit=0
innodb_buffer_pool_size=32M
innodb_log_file_size=8M
wsrep_on=ON
wsrep_provider=${provider}
wsrep_cluster_name=failsoft
wsrep_cluster_address=gcomm://${peers.map((each) => `127.0.0.1:${each}`).join(',')}
wsrep_node_address=127.0.0.1:${peer}
wsrep_sst_receive_address=127.0.0.1:${receiver}
wsrep_sst_method=mariabackup
wsrep_sst_auth=${user}:${password}
wsrep_provider_options=${options.join(';')}
`
}

async function ask(port: number, sql: string): Promise<unknown> {
  const connection = await createConnection({ host: '127.0.0.1', port, user, password, database })
  try {
    return (await connection.query(sql))[0]
  } finally {
    connection.destroy()
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
}

/** Starts a node, and waits until it has joined. */
async function run(flags: readonly string[]): Promise<ChildProcess> {
  const server = spawn('mariadbd', flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line)
    if (line.includes('Synchronized with group, ready for connections')) {
      server.stderr.on('error', () => {}).resume()
      return server
    }
  }
  throw new Error(`mariadbd did not start:\n${lines.join('\n')}`)
}
