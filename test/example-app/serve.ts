import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from 'example-app'
import { migrate } from 'example-app/migrations/migrate.js'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { pino, type Logger } from 'pino'

export interface Served {
  readonly url: string
  readonly database: Database
  readonly server: Server
  readonly stop: AbortController
  close(): Promise<void>
}

export interface ServeOptions extends OpenOptions {
  readonly apiToken?: string
  readonly logger?: Logger
  /** Default: true. */
  readonly connect?: boolean
}

/** The app over real HTTP, in this process, on a database of the test's choice. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { apiToken, logger = pino({ level: 'silent' }), connect = true, ...open } = options
  const prepare = async (knex: Parameters<typeof migrate>[0]) => void (await migrate(knex))
  const database = openDatabase({ env: {}, strategy: 'never', prepare, log: () => {}, ...open })
  const stop = new AbortController()
  const server = createServer(createApp({ database, logger, apiToken, stop: stop.signal }).callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  if (connect) await database.connect()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    database,
    server,
    stop,
    async close() {
      stop.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await database.close()
    },
  }
}
