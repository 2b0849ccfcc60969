import type { Database } from 'failsoft/knex'
import { databaseHealth } from 'failsoft/koa'
import type { AppMiddleware } from './context.ts'
import type { ObjectSchema } from './json-schema.ts'
import type { Route } from './route.ts'

const healthSchema: ObjectSchema = {
  title: 'Health',
  type: 'object',
  required: ['status'],
  properties: {
    status: { type: 'string', enum: ['pass', 'warn', 'fail'] },
    output: { type: 'string', description: 'What is wrong, and what to do' },
    checks: { type: 'object' },
  },
}

/** For whoever keeps the service running: is it alive, and may it get requests? */
export function healthRoutes(database: Database, stop: AbortSignal): readonly Route[] {
  const health = databaseHealth(database) as AppMiddleware
  const answer = { status: 200, type: 'application/health+json', schema: healthSchema }
  return [
    {
      method: 'get',
      path: '/health/live',
      operationId: 'readLiveness',
      summary: 'Whether the process works, whatever the database does',
      answer: { ...answer, description: 'It does' },
      handle: (ctx) => health(ctx, async () => {}),
    },
    {
      method: 'get',
      path: '/health/ready',
      operationId: 'readReadiness',
      summary: 'Whether the service can do its work',
      answer: { ...answer, description: 'It can, if not as asked (warn)' },
      otherAnswer: {
        ...answer,
        status: 503,
        description: 'It cannot: there is no database, or it is stopping',
      },
      async handle(ctx) {
        if (!stop.aborted) {
          await health(ctx, async () => {})
          return
        }
        ctx.status = 503
        ctx.type = 'application/health+json'
        ctx.body = JSON.stringify({ status: 'fail', output: 'The service is stopping.', checks: {} })
      },
    },
  ]
}
