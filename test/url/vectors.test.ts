import { readdirSync, readFileSync } from 'node:fs'
import { formatUrl, Secret, validateUrl, type DatabaseTarget } from 'failsoft'
import t from 'tap'

interface Expectation {
  client: 'pg' | 'mysql2' | 'sqlite3'
  host?: string
  port?: number
  hosts?: { host: string; port?: number }[]
  user?: string
  password?: string
  database?: string
  filename?: string
  params?: Record<string, unknown>
}

interface Vector {
  id: string
  input: string
  kind?: string
  expect?: Expectation
  reject?: boolean
  disputed?: boolean
  policy?: string
  tags?: string[]
  fs?: unknown
  files?: unknown
  platform?: unknown
}

const folder = new URL('../../test/vectors/', import.meta.url)
const vectors = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector[],
)

const defaultPorts = { postgres: 5432, cockroachdb: 26257, mysql: 3306 } as const
const clients = { postgres: 'pg', cockroachdb: 'pg', mysql: 'mysql2', sqlite: 'sqlite3' } as const
const binding = vectors.filter(
  ({ kind, disputed, policy, tags = [], fs, files, platform }) =>
    kind !== 'env' &&
    !disputed &&
    !policy &&
    !fs &&
    !files &&
    !platform &&
    !['unknown-param', 'tls', 'sqlite-slashes'].some((tag) => tags.includes(tag)),
)

function readParams(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const shown = Object.entries(params).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : String(value),
  ])
  return Object.fromEntries(shown) as Record<string, string>
}

function partsOf(target: DatabaseTarget): unknown {
  const client = clients[target.dialect]
  if (target.dialect === 'sqlite')
    return { client, filename: target.filename, params: readParams(target.params) }
  const { hosts, user, password, database, params } = target
  return { client, hosts, user, password: password?.reveal(), database, params: readParams(params) }
}

function expectedParts(expected: Expectation, target: DatabaseTarget): unknown {
  const { client, user, password, database, filename, params = {} } = expected
  if (target.dialect === 'sqlite') return { client, filename, params: readParams(params) }
  const port = defaultPorts[target.dialect]
  const {
    host,
    hosts = host || expected.port
      ? [{ host: host ?? '', ...(expected.port && { port: expected.port }) }]
      : [],
  } = expected
  const all = hosts.map((each) => ({ port, ...each }))
  return { client, hosts: all, user, password, database, params: readParams(params) }
}

t.ok(binding.length >= 90, `there are ${binding.length} binding vectors`)

for (const strict of [true, false]) {
  void t.test(strict ? 'strict' : 'lenient', async (t) => {
    for (const { id, input, expect } of binding) {
      const result = validateUrl(input, { strict })
      if (expect && result.valid)
        t.strictSame(partsOf(result.target), expectedParts(expect, result.target), id)
      else if (expect) t.fail(`${id} is refused: ${input}`, { result })
      else if (strict) t.notOk(result.valid, `${id} is refused`)
      else t.ok(!result.valid || result.warnings.length > 0, `${id} is refused or repaired with a warning`)
    }
  })
}

void t.test('whatever is valid is the same again as a canonical URL', async (t) => {
  let read = 0
  for (const { input, id } of vectors) {
    const result = validateUrl(input)
    if (!result.valid) continue
    read++
    const again = validateUrl(formatUrl(result.target, { reveal: true }), { strict: true })
    t.strictSame(again.valid && partsOf(again.target), partsOf(result.target), id)
  }
  t.ok(read > 100, `${read} vectors are valid`)
})
