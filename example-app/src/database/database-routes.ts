import type { Database } from 'failsoft/knex'
import { carriesToken } from '../http/authorization.ts'
import type { AppContext } from '../http/context.ts'
import { HttpProblem } from '../http/http-problem.ts'
import type { ObjectSchema } from '../http/json-schema.ts'
import type { Route } from '../http/route.ts'
import { streamChanges } from './events.ts'
import { databaseView } from './view.ts'

const viewSchema: ObjectSchema = {
  title: 'DatabaseView',
  type: 'object',
  required: ['state', 'warnings'],
  properties: {
    state: {
      type: 'object',
      required: ['status'],
      properties: {
        status: { type: 'string', description: 'What the database is doing' },
        dialect: { type: 'string' },
        driver: { type: 'string' },
        durability: { type: 'string', description: 'How long what is written lasts' },
        reason: { type: 'string', description: 'Why it is not the database that was meant' },
        code: { type: 'string', description: 'The stable name of the problem' },
        message: { type: 'string' },
        hint: { type: 'string', description: 'What to do about it' },
      },
    },
    warnings: { type: 'array', items: { type: 'object' } },
    config: { type: 'object', description: 'What was decided; only with the API token' },
    trace: { type: 'array', items: { type: 'object' }, description: 'How; only with the API token' },
  },
}

/** What the service runs on: to look at, to follow, and to change back. */
export function databaseRoutes(
  database: Database,
  apiToken: string | undefined,
  stop: AbortSignal,
): readonly Route[] {
  const view = (ctx: AppContext) => databaseView(database, carriesToken(ctx, apiToken))
  return [
    {
      method: 'get',
      path: '/database',
      operationId: 'readDatabase',
      summary: 'What the service runs on, and why',
      answer: { status: 200, description: 'The state of the database', schema: viewSchema },
      handle(ctx) {
        ctx.set('Cache-Control', 'no-store')
        ctx.body = view(ctx)
      },
    },
    {
      method: 'get',
      path: '/database/events',
      operationId: 'followDatabase',
      summary: 'The same as server-sent events, one at each change',
      answer: { status: 200, description: 'Events, each a DatabaseView', type: 'text/event-stream' },
      handle(ctx) {
        streamChanges(ctx, database, () => view(ctx), stop)
      },
    },
    {
      method: 'post',
      path: '/database/return',
      operationId: 'returnToPrimary',
      summary: 'Go from the fallback back to the configured database',
      description: 'Only with the API token; for everybody else it is not there.',
      answer: { status: 200, description: 'The state that this led to', schema: viewSchema },
      errors: [404],
      async handle(ctx) {
        if (!carriesToken(ctx, apiToken))
          throw new HttpProblem(404, { detail: `There is nothing at ${ctx.path}.` })
        await database.returnToPrimary()
        ctx.body = view(ctx)
      },
    },
  ]
}
