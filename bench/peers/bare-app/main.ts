import { randomUUID } from 'node:crypto'
import Router from '@koa/router'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { Model } from 'objection'
import { v7 } from 'uuid'
import { migrate, openKnex } from './database.ts'
import { Task } from './task.ts'

// The routes of the example app for tasks, on Koa, Objection and knex as their documentation shows them, without failsoft.
const knex = openKnex(process.env)
Model.knex(knex)
await migrate(knex)

const router = new Router()
const id = (ctx: Koa.ParameterizedContext): string => String((ctx['params'] as Record<string, string>)['id'])
const now = () => new Date().toISOString()

router.get('/tasks', async (ctx) => {
  const limit = Number(ctx.query['limit'] ?? 20)
  const rows = await Task.query()
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  ctx.body = { items, nextCursor: rows.length > limit ? items.at(-1)?.id : null, total: null }
})
router.post('/tasks', async (ctx) => {
  const body = ctx.request.body as Partial<Task>
  const task = await Task.query().insert({ ...body, id: v7(), createdAt: now(), updatedAt: now() })
  ctx.status = 201
  ctx.set('Location', `/tasks/${task.id}`)
  ctx.body = task
})
router.get('/tasks/:id', async (ctx) => {
  ctx.body = await Task.query().findById(id(ctx)).throwIfNotFound()
})
for (const method of ['put', 'patch'] as const) {
  router[method]('/tasks/:id', async (ctx) => {
    const change = { ...(ctx.request.body as Partial<Task>), updatedAt: now() }
    ctx.body = await Task.query().patchAndFetchById(id(ctx), change).throwIfNotFound()
  })
}
router.delete('/tasks/:id', async (ctx) => {
  await Task.query().deleteById(id(ctx)).throwIfNotFound()
  ctx.status = 204
})

const app = new Koa()
if (process.env['EQUIPPED']) await equip(app)
app.use(bodyParser())
app.use(router.routes()).use(router.allowedMethods())
app.listen(Number(process.env['PORT']))

/** What the example app does beside the database: a line of log with an id, and headers for security. */
async function equip(bare: Koa): Promise<void> {
  const { default: helmet } = await import('koa-helmet')
  const { pino } = await import('pino')
  const logger = pino()
  bare.use(async (ctx, next) => {
    const started = performance.now()
    const requestId = randomUUID()
    ctx.set('X-Request-Id', requestId)
    const log = logger.child({ requestId })
    await next()
    const durationMs = Math.round(performance.now() - started)
    log.info({ method: ctx.method, path: ctx.path, status: ctx.status, durationMs }, 'request')
  })
  bare.use(helmet({ hsts: false, frameguard: false }))
}
