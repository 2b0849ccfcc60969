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
const isEquipped = Boolean(process.env['EQUIPPED'])

function answer(ctx: Koa.ParameterizedContext, task: Task): void {
  if (isEquipped) ctx.set('ETag', `"${task.updatedAt}"`)
  ctx.body = task
}

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
  answer(ctx, task)
})
router.get('/tasks/:id', async (ctx) => {
  answer(ctx, await Task.query().findById(id(ctx)).throwIfNotFound())
})
for (const method of ['put', 'patch'] as const) {
  router[method]('/tasks/:id', async (ctx) => {
    const change = { ...(ctx.request.body as Partial<Task>), updatedAt: now() }
    answer(ctx, await Task.query().patchAndFetchById(id(ctx), change).throwIfNotFound())
  })
}
router.delete('/tasks/:id', async (ctx) => {
  await Task.query().deleteById(id(ctx)).throwIfNotFound()
  ctx.status = 204
})

const app = new Koa()
if (isEquipped) await equip(app)
app.use(bodyParser())
app.use(router.routes()).use(router.allowedMethods())
app.listen(Number(process.env['PORT']))

/** What the example app does beside the database: the same line of log with an id, and the same headers. */
async function equip(bare: Koa): Promise<void> {
  const { default: helmet } = await import('koa-helmet')
  const { pino } = await import('pino')
  const logger = pino()
  bare.use(async (ctx, next) => {
    const started = performance.now()
    const requestId = randomUUID()
    ctx.set('X-Request-Id', requestId)
    ctx.set('Cache-Control', 'no-cache')
    const log = logger.child({ requestId })
    await next()
    ctx.set('X-Database-State', 'connected')
    const durationMs = Math.round(performance.now() - started)
    log.info({ method: ctx.method, path: ctx.path, status: ctx.status, durationMs }, 'request')
  })
  const own = ["'self'"]
  const frameAncestors = [...own, 'https://huggingface.co', 'https://*.hf.space']
  const directives = { defaultSrc: own, baseUri: own, formAction: own, frameAncestors, objectSrc: ["'none'"] }
  bare.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
      crossOriginOpenerPolicy: false,
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      frameguard: false,
      hsts: false,
    }),
  )
}
