import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AwsClient } from 'aws4fetch'
import { freePort } from './free-port.js'

const run = promisify(execFile)

/** A private Ceph with its S3 gateway, all in memory. */
export interface Ceph {
  readonly endpoint: string
  /** The variables that hold the credentials. */
  readonly env: Readonly<Record<string, string>>
  createBucket(name: string): Promise<void>
  /** Stops the gateway's process, or lets it go on. */
  signalGateway(signal: 'SIGSTOP' | 'SIGCONT'): void
  remove(): void
}

/** Starts one on free ports of 127.0.0.1, where it is installed; else says why not. */
export async function startCeph(): Promise<Ceph | { readonly skip: string }> {
  const missing = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'monmaptool'].find(
    (program) => spawnSync(program, ['--version']).error,
  )
  if (missing !== undefined) return { skip: `${missing} is not installed` }
  for (let tries = 1; ; tries++) {
    const directory = mkdtempSync(join(tmpdir(), 'failsoft-ceph-'))
    try {
      return await startIn(directory)
    } catch (error) {
      // A port that was free may be somebody else's by then.
      remove(directory)
      if (tries === 3) throw error
    }
  }
}

function remove(directory: string): void {
  for (const name of ['rgw', 'osd', 'mon']) {
    const path = join(directory, `${name}.pid`)
    if (existsSync(path)) signal(directory, name, 'SIGKILL')
  }
  rmSync(directory, { recursive: true, force: true })
}

function signal(directory: string, name: string, what: NodeJS.Signals): void {
  process.kill(Number(readFileSync(join(directory, `${name}.pid`), 'utf8')), what)
}

async function startIn(directory: string): Promise<Ceph> {
  const ports = { monitor: await freePort(), gateway: await freePort() }
  const fsid = randomUUID()
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(directory, name))
  writeFileSync(join(directory, 'ceph.conf'), settings(directory, fsid, ports))
  const ceph = async (program: string, ...args: readonly string[]): Promise<string> => {
    const options = { cwd: directory, timeout: 60_000 }
    return (await run(program, ['-c', join(directory, 'ceph.conf'), ...args], options)).stdout
  }
  await startStorage(ceph, directory, fsid, ports.monitor)
  const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'a secret' }
  const gateway = ['-n', 'client.rgw'] as const
  await ceph(
    'radosgw-admin',
    ...gateway,
    'user',
    'create',
    '--uid=tests',
    '--display-name=tests',
    `--access-key=${env.AWS_ACCESS_KEY_ID}`,
    `--secret-key=${env.AWS_SECRET_ACCESS_KEY}`,
  )
  await ceph('radosgw', ...gateway, '--pid-file', join(directory, 'rgw.pid'))
  const endpoint = `http://127.0.0.1:${ports.gateway}`
  await answering(endpoint)
  return {
    endpoint,
    env,
    createBucket: async (name) => {
      const signer = new AwsClient({
        accessKeyId: env.AWS_ACCESS_KEY_ID,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
        service: 's3',
        region: 'us-east-1',
      })
      const { ok, status } = await signer.fetch(`${endpoint}/${name}`, { method: 'PUT' })
      if (!ok) throw new Error(`the bucket was not made: ${status}`)
    },
    signalGateway: (what) => signal(directory, 'rgw', what),
    remove: () => remove(directory),
  }
}

type Run = (program: string, ...args: readonly string[]) => Promise<string>

/** One monitor and one place for objects, in memory. */
async function startStorage(ceph: Run, directory: string, fsid: string, port: number): Promise<void> {
  const map = join(directory, 'monmap')
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${port}]`, map])
  await ceph('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map)
  await ceph('ceph-mon', '-i', 'a', '--pid-file', join(directory, 'mon.pid'))
  const uuid = randomUUID()
  await ceph('ceph', 'osd', 'new', uuid)
  await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', uuid)
  await ceph('ceph-osd', '-i', '0', '--pid-file', join(directory, 'osd.pid'))
}

function settings(directory: string, fsid: string, ports: { monitor: number; gateway: number }): string {
  return `[global]
fsid = ${fsid}
mon host = [v1:127.0.0.1:${ports.monitor}/0]
public network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
run dir = ${directory}
log file = ${directory}/$name.log
admin socket = ${directory}/$name.asok
mon data = ${directory}/mon
osd data = ${directory}/osd
rgw data = ${directory}/rgw
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${ports.gateway}
`
}

async function answering(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const isUp = await fetch(endpoint).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await sleep(100)
  }
  throw new Error('the gateway did not answer')
}
