import type Router from '@koa/router'
import bodyParser from 'koa-bodyparser'
import type Koa from 'koa'
import type { AppContext, AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'
import type { JsonSchema, ObjectSchema } from './json-schema.ts'
import { validator } from './validation.ts'

/** One operation of the API, as data: the router, the validation and `/openapi.json` come from the same list. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As the router and, with braces, OpenAPI write it: `/tasks/:id`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly query?: ObjectSchema
  readonly body?: ObjectSchema
  /** The parts of the path. */
  readonly params?: Readonly<Record<string, JsonSchema>>
  /** Can be asked for with `If-Match`. */
  readonly conditional?: boolean
  /** Needs the API token, where there is one. */
  readonly protected?: boolean
  /** Reads the API token itself: without it there is nothing (`required`), or less (`optional`). */
  readonly token?: 'required' | 'optional'
  /** Runs with `ctx.db`. A single statement is atomic by itself; a transaction around it costs a server two more round trips. */
  readonly database?: 'single-statement' | 'transaction'
  /** What it answers when all is well. */
  readonly answer: RouteAnswer
  /** What else it answers that is no `application/problem+json`. */
  readonly otherAnswer?: RouteAnswer
  /** The statuses of its errors, beyond those of any route. */
  readonly errors?: readonly number[]
  handle(ctx: AppContext): Promise<void>
}

/** What an operation answers: a shape, some other content, or nothing. */
export interface RouteAnswer {
  readonly status: number
  readonly description: string
  /** The media type. Default: `application/json`, where there is a shape. */
  readonly type?: string
  readonly schema?: ObjectSchema
  readonly headers?: Readonly<Record<string, string>>
}

/** The middleware that routes ask for by name. */
export interface RouteSteps {
  readonly authorize: AppMiddleware
  readonly sessions: Readonly<Record<NonNullable<Route['database']>, AppMiddleware>>
}

/** Adds the routes to a router. A request is checked in full before it takes a database connection. */
export function addRoutes(router: Router, routes: readonly Route[], steps: RouteSteps): void {
  for (const route of routes) {
    const stack: AppMiddleware[] = []
    if (route.protected) stack.push(steps.authorize)
    if (route.query) stack.push(validQuery(route.query))
    if (route.body) stack.push(requireJson, parseBody, validBody(route.body))
    if (route.database) stack.push(steps.sessions[route.database])
    stack.push((ctx) => route.handle(ctx))
    router.register(route.path, [route.method], stack as unknown as Koa.Middleware[])
  }
}

function validQuery(schema: ObjectSchema): AppMiddleware {
  const validate = validator('query', schema)
  return (ctx, next) => {
    const query = { ...ctx.query }
    validate(query)
    ctx.validQuery = query
    return next()
  }
}

function validBody(schema: ObjectSchema): AppMiddleware {
  const validate = validator('body', schema)
  return (ctx, next) => {
    validate(ctx.request.body as object)
    return next()
  }
}

const requireJson: AppMiddleware = (ctx, next) => {
  const type = ctx.is('application/json', 'application/merge-patch+json')
  if (type === null || ctx.request.length === 0)
    throw new HttpProblem(400, { detail: 'The request needs a body of JSON.' })
  if (type === false) throw new HttpProblem(415, { detail: 'The body must be sent as application/json.' })
  // Another charset would be read as if it were UTF-8, and stored with holes.
  if (!/^(utf-?8|us-ascii)?$/i.test(ctx.request.charset))
    throw new HttpProblem(415, { detail: 'The body must be sent as UTF-8.' })
  return next()
}

const bodyErrors: Readonly<Record<number, string>> = {
  400: 'The body is not complete, or is not a valid JSON object.',
  413: 'The body is larger than 100 KB.',
  415: 'The body has an encoding that is not supported.',
}

const parseBody = bodyParser({
  enableTypes: ['json'],
  // That it is JSON is decided above. Asked again, the parser takes some for something else, and hands on an empty object.
  detectJSON: () => true,
  jsonLimit: '100kb',
  onerror(error) {
    const { status = 400 } = error as { status?: number }
    throw new HttpProblem(status, { detail: String(bodyErrors[status]) })
  },
}) as unknown as AppMiddleware
