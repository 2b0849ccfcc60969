import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startMariadb } from '#test/servers/mariadb.js'
import { startPostgres } from '#test/servers/postgres.js'
import { startProxy, type Proxy } from '#test/servers/proxy.js'
import { alone, skipped, type Figure } from '../figure.ts'
import { openMysqlPool, openPgPool, viaKnex, type Face, type Open } from '../outages/faces.ts'
import { startWriters, type Writers } from '../outages/writers.ts'
import type { Effort, Part } from '../part.ts'

/** A server that can be made to fail. */
interface Server {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
}

interface Scene {
  readonly server: Server
  readonly proxy: Proxy
  readonly face: Face
}

const forgotten = 'silence of the old connections'

/** What happens to a database; each ends with the moment from which on it can be used again. */
const outages: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'killed, and started again': async ({ server }) => {
    await server.kill()
    await sleep(500)
    await server.start()
  },
  restarted: async ({ server }) => {
    await server.stop()
    await server.start()
  },
  'all connections cut': async ({ proxy }) => proxy.cut(),
  'a proxy that closes every connection': async ({ proxy }) => {
    proxy.refuse(true)
    await sleep(1500)
    proxy.refuse(false)
  },
  'silence of all': async ({ proxy, face }) => {
    proxy.stall()
    while (face.status() !== 'reconnecting') await sleep(20)
    await sleep(1000)
    proxy.resume()
  },
  [forgotten]: async ({ proxy }) => proxy.freeze(),
}

/** Twenty outages of six kinds under fifty writers, over knex and over a pool. */
export const outagesPart: Part = {
  title: 'twenty outages of six kinds under fifty writers',
  async measure(effort) {
    const [postgres, mariadb] = await Promise.all([
      startPostgres(),
      // Written at each commit: what is acknowledged outlives the process.
      startMariadb({ flags: ['--innodb-flush-log-at-trx-commit=2'] }),
    ])
    const killable = {
      ...postgres,
      kill: async () => {
        const [pid] = readFileSync(join(postgres.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
        const stopped = postgres.stop()
        process.kill(Number(pid), 'SIGKILL')
        await stopped
      },
      // Until the last process of the one before is gone.
      start: async () => {
        while (
          await postgres.start().then(
            () => false,
            () => true,
          )
        )
          await sleep(100)
      },
    }
    try {
      const figures = [
        ...(await suffer('PostgreSQL over knex', killable, viaKnex, effort)),
        ...(await suffer('PostgreSQL over a pool of pg', killable, openPgPool, effort)),
      ]
      if ('skip' in mariadb) return [...figures, skipped('MariaDB', mariadb.skip)]
      const server = { ...mariadb, kill: () => mariadb.stop('SIGKILL') }
      figures.push(...(await suffer('MariaDB over knex', server, viaKnex, effort)))
      figures.push(...(await suffer('MariaDB over a pool of mysql2', server, openMysqlPool, effort)))
      return figures
    } finally {
      await Promise.all([postgres.remove(), 'remove' in mariadb && mariadb.remove()])
    }
  },
}

async function suffer(name: string, server: Server, open: Open, { quick }: Effort): Promise<Figure[]> {
  const proxy = await startProxy(server.port)
  const url = new URL(server.url)
  url.port = String(proxy.port)
  const face = await open(url.href)
  const writers = await startWriters(face, quick ? 5 : 50)
  const recoveries: Record<string, number[]> = {}
  const kinds = Object.keys(outages)
  let before = 0
  try {
    for (let done = 0; done < (quick ? kinds.length : 20); done++) {
      const kind = kinds[done % kinds.length]!
      const ms = await recover({ server, proxy, face }, outages[kind]!, writers)
      ;(recoveries[kind] ??= []).push(ms)
      // The first ones load what later ones use.
      if (done === kinds.length - 1) before = heapMiB()
    }
    const after = heapMiB()
    const { acknowledged, found, twice, lost, longestWaitMs } = await writers.end()
    return [
      alone(`${name}: acknowledged`, 'writes', [acknowledged]),
      alone(`${name}: found`, 'writes', [found]),
      alone(`${name}: acknowledged, and lost`, 'writes', [lost], { most: 0 }),
      alone(`${name}: there twice`, 'writes', [twice], { most: 0 }),
      alone(`${name}: longest wait`, 'ms', [longestWaitMs]),
      alone(`${name}: growth of memory`, 'MiB', [after - before]),
      ...Object.entries(recoveries).map(([kind, all]) =>
        // Of the old connections it has to be found out first, one by one, that they are lost.
        kind === forgotten
          ? alone(`${name}: found out and recovered, ${kind}`, 'ms', [Math.max(...all)])
          : alone(`${name}: longest recovery, ${kind}`, 'ms', [Math.max(...all)], { most: 1000 }),
      ),
    ]
  } finally {
    await face.close()
    await proxy.close()
  }
}

/** How long after the end of an outage the first write began and was acknowledged, in milliseconds. */
async function recover(
  scene: Scene,
  happen: (scene: Scene) => Promise<void>,
  writers: Writers,
): Promise<number> {
  await happen(scene)
  const since = performance.now()
  while (writers.firstAfter(since) === undefined || scene.face.status() !== 'connected') await sleep(5)
  const tookMs = writers.firstAfter(since)! - since
  await sleep(500)
  return tookMs
}

function heapMiB(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}
