import { fileURLToPath } from 'node:url'
import type Router from '@koa/router'
import type Koa from 'koa'
import mount from 'koa-mount'
import serve from 'koa-static'
import { docsPolicy } from './http/security-headers.ts'

const ownFiles = serve(fileURLToPath(new URL('../page/', import.meta.url)))
const swaggerUi = fileURLToPath(new URL('./', import.meta.resolve('swagger-ui-dist')))

/** Serves the tasks at `/` and the documentation at `/docs`. They are routes, so that any other method is refused as on each route. */
export function addPages(router: Router): void {
  router.get('/', ownFiles)
  router.get('/docs', docsPolicy, ownFiles)
}

/** Serves what the pages are made of. */
export function addFiles(app: Koa): void {
  app.use(mount('/docs', docsPolicy))
  app.use(ownFiles)
  app.use(mount('/docs', serve(swaggerUi, { index: false })))
}

/** `/database` is a page to a browser, and data to a program. */
export const databasePage: Koa.Middleware = (ctx, next) => {
  if (!/^\/database\/?$/.test(ctx.path)) return next()
  ctx.vary('Accept')
  return ctx.accepts('json', 'html') === 'html' ? ownFiles(ctx, next) : next()
}
