import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase, type Database } from 'failsoft/knex'
import type { Logger } from 'pino'
import { createApp } from './app.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { greeting, line } from './greeting.ts'
import { createLogger } from './log.ts'
import { migrate } from './migrations/migrate.ts'
import { listen } from './server.ts'
import { drainOf } from './shutdown.ts'

/** How long statements in flight may take once there are no more requests, and the copying of what they wrote, in milliseconds. */
const closeTimeoutMs = { statements: 2_000, copy: 2_000 }

try {
  const config = readConfig(process.env)
  const logger = await createLogger(config.logLevel, process.stdout)
  const database = open(config, logger)
  const stop = new AbortController()
  const app = createApp({ database, logger, apiToken: config.apiToken, stop: stop.signal })
  const server = await listen(app, config)
  stopOnSignal(server, database, stop, { logger, ...config })
  // The service is up whatever the database does.
  await (process.stdout.isTTY ? greet : report)(server, database, logger)
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`)
  process.exitCode = 1
}

function open({ strategy }: Config, logger: Logger): Database {
  return openDatabase({
    ...(strategy && { strategy }),
    prepare: async (knex) => {
      const names = await migrate(knex)
      if (names.length > 0) logger.info({ migrations: names }, 'migrated')
    },
    log: ({ level, message, ...rest }) => logger[level](rest, message),
  })
}

/** Says in the log where the service listens, and how the database was chosen. */
async function report(server: Server, database: Database, logger: Logger): Promise<void> {
  logger.info({ address: server.address() }, 'listening')
  logger.info({ trace: database.config.trace, warnings: database.config.warnings }, 'database chosen')
  await database.connect()
}

/** Says the same to a person, in a few plain lines; the log begins after them. */
async function greet(server: Server, database: Database, logger: Logger): Promise<void> {
  const { level } = logger
  logger.level = 'silent'
  const { port, address } = server.address() as AddressInfo
  const host = ['::', '0.0.0.0'].includes(address) ? 'localhost' : address.replace(/^.*:.*$/, '[$&]')
  process.stdout.write(`\n${line(['Tasks', `http://${host}:${port}`])}`)
  await database.connect()
  process.stdout.write(`${greeting(database)}${line(['Stop', 'Ctrl+C'])}\n`)
  logger.level = level
}

function stopOnSignal(
  server: Server,
  database: Database,
  stop: AbortController,
  { logger, drainDeadlineMs }: Pick<Config, 'drainDeadlineMs'> & { logger: Logger },
): void {
  const drain = drainOf(server)
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(1)
    logger.info({ signal }, 'stopping')
    stop.abort()
    await drain(drainDeadlineMs)
    const { statements, copy } = closeTimeoutMs
    await database.close({ timeoutMs: statements + (database.config.replica ? copy : 0) })
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
