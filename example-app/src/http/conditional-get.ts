import type Koa from 'koa'
import conditional from 'koa-conditional-get'

const compare = conditional()

/** Answers 304 to a client that names what it has. Where none is named nothing is compared: it would copy all headers of the answer. */
export const conditionalGet: Koa.Middleware = (ctx, next) =>
  ctx.headers['if-none-match'] || ctx.headers['if-modified-since'] ? compare(ctx, next) : next()
