import { setMaxListeners } from 'node:events'
import type { Database } from 'failsoft/knex'
import { carriesToken } from '../http/authorization.ts'
import type { AppContext } from '../http/context.ts'
import { HttpProblem } from '../http/http-problem.ts'
import type { ObjectSchema } from '../http/json-schema.ts'
import type { Route } from '../http/route.ts'
import { streamChanges } from './events.ts'
import { rememberStates } from './history.ts'
import { latencyOf } from './latency.ts'
import { databaseView, historyView } from './view.ts'

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
        readOnly: { type: 'boolean', description: 'Whether tasks can be read, but not changed' },
        durability: { type: 'string', description: 'How long what is written lasts' },
        reason: { type: 'string', description: 'Why it is not the database that was meant' },
        primary: { type: 'object', description: 'Whether the database that was meant answers meanwhile' },
        standIn: {
          type: 'object',
          description: 'Whether nothing was written to SQLite in its place, and how many tables hold rows',
        },
        replica: {
          type: 'object',
          description: 'Where SQLite is copied to, and how long ago all of it was there, in milliseconds',
        },
        code: { type: 'string', description: 'The stable name of the problem' },
        message: { type: 'string' },
        hint: { type: 'string', description: 'What to do about it' },
      },
    },
    warnings: { type: 'array', items: { type: 'object' } },
    history: {
      type: 'array',
      items: { type: 'object' },
      description: 'The states since the start, the last 50, each with the time that it began',
    },
    config: { type: 'object', description: 'What was decided; only with the API token' },
    trace: { type: 'array', items: { type: 'object' }, description: 'How; only with the API token' },
  },
}

const promotedSchema: ObjectSchema = {
  title: 'Promoted',
  type: 'object',
  required: ['done', 'rows', 'differences', 'state', 'warnings'],
  properties: {
    done: {
      type: 'boolean',
      description: 'Whether the configured database now holds the rows, and is in use',
    },
    rows: { type: 'integer', description: 'How many rows were brought over' },
    differences: { type: 'array', items: { type: 'object' }, description: 'What does not fit, row by row' },
    problem: { type: 'object', description: 'Why it was not done; then everything is as it was' },
    ...viewSchema.properties,
  },
}

/** What the service runs on: to look at, to follow, and to change back. */
export function databaseRoutes(
  database: Database,
  apiToken: string | undefined,
  stop: AbortSignal,
): readonly Route[] {
  const isOwner = (ctx: AppContext) => carriesToken(ctx, apiToken)
  const view = (ctx: AppContext) => databaseView(database, isOwner(ctx))
  const refuseStrangers = (ctx: AppContext) => {
    if (!isOwner(ctx)) throw new HttpProblem(404, { detail: `There is nothing at ${ctx.path}.` })
  }
  const states = rememberStates(database)
  // Each event stream waits for it, and there are as many as visitors.
  setMaxListeners(0, stop)
  return [
    {
      method: 'get',
      path: '/database',
      operationId: 'readDatabase',
      summary: 'What the service runs on, and why',
      description: 'To a browser it is a page. `Server-Timing` has how long the database takes to answer.',
      token: 'optional',
      answer: { status: 200, description: 'The state of the database', schema: viewSchema },
      async handle(ctx) {
        const latencyMs = await latencyOf(database)
        ctx.set('Cache-Control', 'no-store')
        if (latencyMs !== undefined) ctx.set('Server-Timing', `database;dur=${latencyMs}`)
        ctx.body = { ...view(ctx), history: historyView(states, isOwner(ctx)) }
      },
    },
    {
      method: 'get',
      path: '/database/events',
      operationId: 'followDatabase',
      summary: 'The same as server-sent events, one at each change',
      token: 'optional',
      answer: { status: 200, description: 'Events, each a DatabaseView', type: 'text/event-stream' },
      async handle(ctx) {
        streamChanges(ctx, database, () => view(ctx), stop)
      },
    },
    {
      method: 'post',
      path: '/database/return',
      operationId: 'returnToPrimary',
      summary: 'Go from the fallback back to the configured database',
      description: 'Only with the API token; for everybody else it is not there.',
      token: 'required',
      answer: { status: 200, description: 'The state that this led to', schema: viewSchema },
      errors: [404],
      async handle(ctx) {
        refuseStrangers(ctx)
        await database.returnToPrimary()
        ctx.body = view(ctx)
      },
    },
    {
      method: 'post',
      path: '/database/promote',
      operationId: 'promoteStandIn',
      summary: 'Bring the rows of the fallback over to the configured database, and go there',
      description:
        'Up to 10,000 rows; `failsoft promote` brings more. Only with the API token; for everybody else it is not there.',
      token: 'required',
      answer: { status: 200, description: 'What was done, and the state after it', schema: promotedSchema },
      errors: [404],
      async handle(ctx) {
        refuseStrangers(ctx)
        const report = await database.promote()
        ctx.body = { ...report, ...view(ctx) }
      },
    },
  ]
}
