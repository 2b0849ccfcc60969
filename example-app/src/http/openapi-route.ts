import { openApi } from './openapi.ts'
import type { Route } from './route.ts'

const info = {
  title: 'Tasks',
  version: '1.0.0',
  description: 'A to-do service that runs on PostgreSQL, MySQL or SQLite, and says which.',
  license: { name: 'MIT', identifier: 'MIT' },
}

/** Serves the description of the other routes. */
export function openApiRoute(routes: readonly Route[]): Route {
  const document = openApi(routes, info)
  return {
    method: 'get',
    path: '/openapi.json',
    operationId: 'readOpenApi',
    summary: 'This description',
    answer: { status: 200, description: 'An OpenAPI document', type: 'application/json' },
    async handle(ctx) {
      ctx.body = document
    },
  }
}
