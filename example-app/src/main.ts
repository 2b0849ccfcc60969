import { createServer, type Server } from 'node:http'
import { openDatabase, type Database } from 'failsoft/knex'
import { pino, type Logger } from 'pino'
import { createApp } from './app.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { migrate } from './migrations/migrate.ts'
import { drain } from './shutdown.ts'

/** A client that sends slower than this holds a connection for nothing. */
const requestTimeoutMs = 10_000

try {
  const config = readConfig(process.env)
  const logger = pino({ level: config.logLevel })
  const database = open(logger)
  const stop = new AbortController()
  const server = await listen(
    config,
    createApp({ database, logger, apiToken: config.apiToken, stop: stop.signal }),
  )
  stopOnSignal(server, database, stop, { logger, ...config })
  logger.info({ address: server.address() }, 'listening')
  // The service is up whatever the database does; the log and /database tell what that is.
  logger.info({ trace: database.config.trace, warnings: database.config.warnings }, 'database chosen')
  await database.connect()
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`)
  process.exitCode = 1
}

function open(logger: Logger): Database {
  return openDatabase({
    ...(!process.env['DATABASE_FALLBACK']?.trim() && { strategy: 'always' }),
    prepare: async (knex) => {
      const names = await migrate(knex)
      if (names.length > 0) logger.info({ migrations: names }, 'migrated')
    },
    log: ({ level, message, ...rest }) => logger[level](rest, message),
  })
}

async function listen(config: Config, app: ReturnType<typeof createApp>): Promise<Server> {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    app.callback(),
  )
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: config.port, ...(config.host && { host: config.host }) }, () => resolve(server))
  })
}

function stopOnSignal(
  server: Server,
  database: Database,
  stop: AbortController,
  { logger, drainDeadlineMs }: Pick<Config, 'drainDeadlineMs'> & { logger: Logger },
): void {
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(1)
    logger.info({ signal }, 'stopping')
    stop.abort()
    await drain(server, drainDeadlineMs)
    await database.close()
    logger.info('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
}

function startFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  return code === 'EADDRINUSE'
    ? `Port ${port} is in use. Stop the other program, or set PORT to another one.`
    : `The service cannot start: ${message}`
}
