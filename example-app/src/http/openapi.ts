import { STATUS_CODES } from 'node:http'
import type { JsonSchema, ObjectSchema } from './json-schema.ts'
import type { Route, RouteAnswer } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** Describes the API as OpenAPI 3.1, from the routes that serve it. */
export function openApi(routes: readonly Route[], info: Json): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  const schemas = Object.fromEntries(
    routes.flatMap(schemasOf).map((schema) => [schema.title, inline(schema)]),
  )
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { ...schemas, Problem: problemSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'API_TOKEN of the service' } },
    },
  }
}

function operation(route: Route): Json {
  const { operationId, summary, description, body, answer } = route
  return {
    operationId,
    tags: [route.path.split('/')[1]],
    summary,
    ...(description !== undefined && { description }),
    ...security(route),
    parameters: parameters(route),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: refer(body) } } },
    }),
    responses: {
      ...Object.fromEntries(errorsOf(route).map((status) => [status, problemResponse(status)])),
      ...Object.fromEntries([answer, route.otherAnswer].flatMap(response)),
    },
  }
}

/** The page for people sends the token only where it is named. Where the service has none, a protected route needs none. */
function security({ protected: isProtected, token }: Route): Json {
  if (token === 'required') return { security: [{ token: [] }] }
  return isProtected || token === 'optional' ? { security: [{ token: [] }, {}] } : {}
}

function response(answer: RouteAnswer | undefined): [number, Json][] {
  if (answer === undefined) return []
  const { status, description } = answer
  return [
    [
      status,
      { description, ...(answer.headers && { headers: headers(answer.headers) }), ...content(answer) },
    ],
  ]
}

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag that the task must still have',
  schema: { type: 'string' },
}

function parameters({ query, params = {}, conditional }: Route): Json[] {
  return [
    ...Object.entries(params).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...(conditional ? [ifMatch] : []),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema })),
  ]
}

function headers(texts: Readonly<Record<string, string>>): Json {
  const header = (description: string) => ({ description, schema: { type: 'string' } })
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, header(text)]))
}

function content({ schema, type }: RouteAnswer): Json {
  if (schema) return { content: { [type ?? 'application/json']: { schema: refer(schema) } } }
  return type === undefined ? {} : { content: { [type]: {} } }
}

/** What a route can refuse follows from what it asks for. */
function errorsOf(route: Route): number[] {
  const statuses = [
    ...(route.query || route.body ? [400] : []),
    ...(route.protected ? [401] : []),
    ...(route.params ? [404] : []),
    ...(route.conditional ? [412] : []),
    ...(route.body ? [413, 415] : []),
    ...(route.database ? [503] : []),
    ...(route.errors ?? []),
  ]
  return [...new Set(statuses)].toSorted((a, b) => a - b)
}

function problemResponse(status: number): Json {
  return {
    description: STATUS_CODES[status],
    ...(status === 503 && { headers: headers({ 'Retry-After': 'Seconds to wait' }) }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

function schemasOf({ body, answer }: Route): ObjectSchema[] {
  const outer = [body, answer.schema].filter((schema) => schema !== undefined)
  return outer.flatMap((schema) => [
    schema,
    ...Object.values(schema.properties).flatMap(({ items }) => titled(items)),
  ])
}

function titled(schema: JsonSchema | undefined): ObjectSchema[] {
  return schema && 'title' in schema ? [schema as ObjectSchema] : []
}

function refer(schema: JsonSchema): JsonSchema {
  const [named] = titled(schema)
  return named ? { $ref: `#/components/schemas/${named.title}` } : schema
}

/** Lists of other shapes refer to them by name. */
function inline(schema: ObjectSchema): ObjectSchema {
  const properties = Object.entries(schema.properties).map(([name, property]) => [
    name,
    property.items ? { ...property, items: refer(property.items) } : property,
  ])
  return { ...schema, properties: Object.fromEntries(properties) as Record<string, JsonSchema> }
}

const problemSchema: JsonSchema = {
  description: 'An error, as RFC 9457 writes it',
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, in a sentence' },
    code: { type: 'string', description: 'The problem of the database, by its stable name' },
    hint: { type: 'string', description: 'What to do about it' },
    errors: {
      type: 'array',
      description: 'Each field of the request that is wrong',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'Where in the body, as a JSON pointer' },
          parameter: { type: 'string', description: 'Which parameter of the query' },
          detail: { type: 'string' },
        },
      },
    },
  },
}
