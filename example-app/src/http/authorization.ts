import { createHash, timingSafeEqual } from 'node:crypto'
import type { AppContext, AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'

/** Says whether the request carries the API token. Without a token that could be carried, nobody does. */
export function carriesToken(ctx: AppContext, apiToken: string | undefined): boolean {
  const [, sent] = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization')) ?? []
  if (apiToken === undefined || sent === undefined) return false
  return timingSafeEqual(digest(sent), digest(apiToken))
}

/** Lets a change pass only with the token, where one is set. */
export function requireToken(apiToken: string | undefined): AppMiddleware {
  return (ctx, next) => {
    if (apiToken !== undefined && !carriesToken(ctx, apiToken)) {
      const detail = 'Changes need the API token of this service: Authorization: Bearer …'
      throw new HttpProblem(401, { detail }, { 'WWW-Authenticate': 'Bearer' })
    }
    return next()
  }
}

/** Of equal length whatever the input, as the comparison demands. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
