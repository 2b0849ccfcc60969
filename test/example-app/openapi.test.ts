import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { join } from 'node:path'
import { refusedPort } from '../servers/refused-port.ts'
import { copied } from './copied-app.ts'
import { send, type Answer } from './http-client.ts'
import { serve, type Served } from './serve.ts'

interface Operation {
  operationId: string
  parameters: { name: string; in: string }[]
  security?: object[]
  requestBody?: object
  responses: Record<string, { content?: Record<string, { schema?: object }>; headers?: object }>
}
interface Schema {
  properties?: Record<string, Schema>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

const memory = await serve({ url: 'sqlite::memory:', apiToken: 'right' })
const away = await serve({ url: `postgres://u:p@127.0.0.1:${refusedPort}/d`, apiToken: 'right' })
t.teardown(async () => Promise.all([memory.close(), away.close()]))
const document = (await send(memory.url, 'GET', '/openapi.json')).body as Document
const token = { authorization: 'Bearer right' }
const missing = '/tasks/01900000-0000-7000-8000-000000000000'

void t.test('is valid OpenAPI 3.1', async (t) => {
  const { valid, errors } = await new Validator().validate(
    JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
  )
  t.ok(valid, JSON.stringify(errors))
  t.match(document.openapi, /^3\.1\./)
})

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)

void t.test('says where the API token is needed, and where it shows more', async (t) => {
  const named = operations.filter(({ operation }) => operation.security)
  t.strictSame(
    named
      .map(({ method, path, operation }) => `${method} ${path} ${operation.security!.length === 1}`)
      .toSorted(),
    [
      'DELETE /tasks/{id} false',
      'GET /database false',
      'GET /database/events false',
      'PATCH /tasks/{id} false',
      'POST /database/promote true',
      'POST /database/return true',
      'POST /tasks false',
      'PUT /tasks/{id} false',
    ],
  )
})

void t.test('describes each field of the state that a stranger sees', async (t) => {
  const { folder, ...serving } = copied({ DATABASE_URL: 'postgres://app@127.0.0.1:1/app' })
  const filename = join(folder, 'tasks.db')
  const fallback = await serve({ ...serving, strategy: 'always', sqlite: { ...serving.sqlite, filename } })
  t.teardown(fallback.close)
  const readOnly = await serve({ url: `sqlite:${filename}?mode=ro` })
  t.teardown(readOnly.close)
  const { state } = (document.components.schemas['DatabaseView'] as Schema).properties!
  for (const { url } of [memory, away, fallback, readOnly]) {
    const shown = (await send(url, 'GET', '/database')).body as { state: object }
    t.strictSame(
      Object.keys(shown.state).filter((name) => !(name in state!.properties!)),
      [],
    )
  }
})

void t.test('describes each route of the service', async (t) => {
  t.strictSame(operations.map(({ method, path }) => `${method} ${path}`).toSorted(), [
    'DELETE /tasks/{id}',
    'GET /database',
    'GET /database/events',
    'GET /health/live',
    'GET /health/ready',
    'GET /tasks',
    'GET /tasks/{id}',
    'PATCH /tasks/{id}',
    'POST /database/promote',
    'POST /database/return',
    'POST /tasks',
    'PUT /tasks/{id}',
  ])
})

const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } })
ajv.addSchema({ $id: 'api', components: document.components })

for (const { path, method, operation } of operations) {
  for (const [status, response] of Object.entries(operation.responses)) {
    void t.test(`${method} ${path} answers ${status} as it says`, async (t) => {
      const answer = await provoke(method, path, Number(status))
      t.equal(answer.status, Number(status), JSON.stringify(answer.body))
      for (const name of Object.keys(response.headers ?? {})) t.ok(answer.headers.get(name), name)
      const type = answer.headers.get('content-type')?.split(';')[0]
      if (!response.content) return void t.equal(answer.body, '')
      t.strictSame(type, Object.keys(response.content)[0])
      const schema = response.content[type ?? '']?.schema
      if (schema) t.ok(conforms(schema, answer.body), JSON.stringify(ajv.errors))
    })
  }
}

function conforms(schema: object, body: unknown): boolean {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components')
  return ajv.validate(JSON.parse(text) as object, body)
}

/** Makes the service answer an operation with a status. */
async function provoke(method: string, path: string, status: number): Promise<Answer> {
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method) && path.startsWith('/tasks')
  const isList = path === '/tasks' && method === 'GET'
  const valid = hasBody ? { title: 'x' } : undefined
  const ask = async (served: Served, where: string, body: unknown = valid, headers: object = token) =>
    send(served.url, method, where, body, headers)
  if (path === '/database/events') return firstEvent(memory)
  switch (status) {
    case 400:
      return ask(memory, isList ? '/tasks?limit=x' : path, hasBody ? { title: 1 } : undefined)
    case 401:
      return ask(memory, path, valid, {})
    case 404:
      return ask(
        memory,
        path.replace('/tasks/{id}', missing),
        valid,
        path.startsWith('/database/') ? {} : token,
      )
    case 412:
      return ask(memory, path.replace('/tasks/{id}', await newTask()), valid, { ...token, 'if-match': '"x"' })
    case 413:
      return ask(memory, path, JSON.stringify({ title: 'x'.repeat(102_400) }))
    case 415:
      return ask(memory, path, 'title=x', { ...token, 'content-type': 'text/plain' })
    case 503:
      return ask(away, path.replace('/tasks/{id}', missing))
    default:
      return ask(memory, path.replace('/tasks/{id}', await newTask()))
  }
}

async function newTask(): Promise<string> {
  const made = await send(memory.url, 'POST', '/tasks', { title: 'x' }, token)
  return made.headers.get('location') ?? ''
}

async function firstEvent({ url }: Served): Promise<Answer> {
  const client = new AbortController()
  const { status, headers } = await fetch(`${url}/database/events`, { signal: client.signal })
  client.abort()
  return { status, headers, body: '' }
}
