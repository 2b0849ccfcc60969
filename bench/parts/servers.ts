import { startMariadb } from '#test/servers/mariadb.js'
import { startPostgres } from '#test/servers/postgres.js'
import { skipped, type Figure } from '../figure.ts'
import type { Effort, Part } from '../part.ts'
import { keepTo, processors } from '../processors.ts'
import { bareApp } from '../service.ts'
import { shipped } from '../shipped.ts'
import { throughput } from '../throughput.ts'

const target = { least: 1 }

/** Reads and writes on servers of one's own; each side has a server for itself, so that neither slows the other's table. */
export const serversPart: Part = {
  title: 'reads and writes on servers, 32 connections',
  async measure(effort) {
    return [
      ...(await onServers('PostgreSQL', 'pg', async () => startPostgres(), effort)),
      ...(await onServers('MariaDB', 'mysql2', async () => startMariadb(), effort)),
    ]
  },
}

interface Server {
  readonly url: string
  remove(): Promise<void>
}

async function onServers(
  name: string,
  client: string,
  start: () => Promise<Server | { readonly skip: string }>,
  effort: Effort,
): Promise<Figure[]> {
  const servers: Server[] = []
  keepTo(processors.rest)
  try {
    for (let count = 0; count < 3; count++) {
      const server = await start()
      if ('skip' in server) return [skipped(name, server.skip)]
      servers.push(server)
    }
    const { exampleApp } = await shipped()
    const processor = processors.measured
    const [own = '', bare = '', equipped = ''] = servers.map(({ url }) => url)
    return await throughput(
      name,
      { file: exampleApp, processor, env: { DATABASE_URL: own } },
      [
        {
          name: 'bare app',
          program: { file: bareApp, processor, env: { CLIENT: client, DATABASE: bare } },
          targets: {},
        },
        {
          name: 'bare app with log and headers',
          program: { file: bareApp, processor, env: { CLIENT: client, DATABASE: equipped, EQUIPPED: '1' } },
          targets: { read: target, write: target },
        },
      ],
      effort,
    )
  } finally {
    keepTo(processors.all)
    await Promise.all(servers.map(async (server) => server.remove()))
  }
}
