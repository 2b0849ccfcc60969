import Router from '@koa/router'
import { databaseSession } from 'failsoft/koa'
import type { Database } from 'failsoft/knex'
import Koa from 'koa'
import type { Logger } from 'pino'
import { databaseRoutes } from './database/database-routes.ts'
import { answerHeaders } from './http/answer-headers.ts'
import { requireToken } from './http/authorization.ts'
import { conditionalGet } from './http/conditional-get.ts'
import type { AppMiddleware } from './http/context.ts'
import { answerErrors } from './http/errors.ts'
import { healthRoutes } from './http/health-routes.ts'
import { openApiRoute } from './http/openapi-route.ts'
import { connectionLog, requestLog } from './http/request-log.ts'
import { requireHost } from './http/require-host.ts'
import { addRoutes } from './http/route.ts'
import { securityHeaders } from './http/security-headers.ts'
import { addFiles, addPages, databasePage } from './pages.ts'
import { taskRoutes } from './tasks/task-routes.ts'

/** What the app needs of its surroundings. */
export interface AppOptions {
  readonly database: Database
  readonly logger: Logger
  /** Where it is set, every change needs it as a bearer token. */
  readonly apiToken?: string | undefined
  /** Aborted when the service is to stop: readiness fails, and event streams end. */
  readonly stop?: AbortSignal
}

/** Puts the app together. It opens nothing and listens to nothing. */
export function createApp(options: AppOptions): Koa {
  const { database, logger, apiToken, stop = new AbortController().signal } = options
  const routes = [...taskRoutes, ...databaseRoutes(database, apiToken, stop), ...healthRoutes(database, stop)]
  const router = new Router()
  addRoutes(router, [...routes, openApiRoute(routes)], {
    authorize: requireToken(apiToken),
    sessions: {
      'single-statement': databaseSession(database),
      transaction: databaseSession(database, { transaction: 'unsafe-methods' }),
    },
  })
  addPages(router)

  const app = new Koa()
  app.on('error', connectionLog(logger))
  const use = (middleware: AppMiddleware) => app.use(middleware as Koa.Middleware)
  use(requestLog(logger))
  use(answerHeaders(database, stop))
  app.use(securityHeaders)
  use(answerErrors(logger))
  use(requireHost)
  app.use(conditionalGet)
  app.use(databasePage)
  app.use(router.routes()).use(router.allowedMethods())
  addFiles(app)
  return app
}
