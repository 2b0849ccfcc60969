import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine, type OpenOptions } from 'failsoft/knex'
import { dialectOf } from 'example-app/migrations/dialect.js'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { send } from '../../example-app/http-client.ts'
import { serve } from '../../example-app/serve.ts'
import { newFolder } from '../../example-app/start-app.ts'
import { startMariadb } from '../../servers/mariadb.ts'
import { startPostgres } from '../../servers/postgres.ts'

t.setTimeout(600_000)

const tasks = 1_000_000
const searches = 30
/** What is promised is 200 ms; a busy machine gets as much again. */
const mostMs = 400

const numbers = {
  sqlite3: `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${tasks}) `,
  mysql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${tasks}) `,
  postgresql: `with n as (select i from generate_series(1, ${tasks}) i) `,
}

async function fill(knex: Knex): Promise<void> {
  const dialect = dialectOf(knex)
  const join = (...parts: string[]) => (dialect === 'mysql' ? `concat(${parts.join(',')})` : parts.join('||'))
  const digits =
    dialect === 'mysql'
      ? `lpad(i, 12, '0')`
      : dialect === 'sqlite3'
        ? `printf('%012d', i)`
        : `lpad(i::text, 12, '0')`
  const text = (name: string) => join(`'${name} '`, digits, `' with a few words of what is to be done'`)
  const time = join(
    `'2026-01-01T'`,
    `substr(${digits}, 5, 2)`,
    `':00:'`,
    `substr(${digits}, 7, 2)`,
    `'.'`,
    `substr(${digits}, 9, 3)`,
    `'Z'`,
  )
  const id = join(`'01900000-0000-7000-8000-'`, digits)
  const columns = 'id, title, description, completed, created_at, updated_at, search'
  const values = `select ${id}, ${text('Title')}, ${text('Description')}, ${dialect === 'postgresql' ? 'i % 2 = 0' : 'i % 2'}, ${time}, ${time}, ${text('title')} from n`
  const numbered = numbers[dialect]
  await knex.transaction(async (trx) => {
    if (dialect === 'mysql') await trx.raw(`set session max_recursive_iterations = ${tasks + 1}`)
    await trx.raw(
      dialect === 'mysql'
        ? `insert into tasks (${columns}) ${numbered}${values}`
        : `${numbered}insert into tasks (${columns}) ${values}`,
    )
  })
  await knex.raw(dialect === 'mysql' ? 'analyze table tasks' : 'analyze')
}

/** While many search for what is not there, somebody else reads and writes: how long did the slowest take? */
async function holdsUpNobody(t: Test, open: OpenOptions): Promise<void> {
  const served = await serve(open)
  t.teardown(served.close)
  await fill(served.database.knex)
  const progress = { searching: true }
  const started = performance.now()
  const counted = send(served.url, 'GET', '/tasks?count=true&completed=true')
  const found = Promise.all(
    Array.from({ length: searches }, async (_, n) =>
      send(served.url, 'GET', `/tasks?q=nowhere${n}&sort=${n % 2 ? 'title' : '-createdAt'}`),
    ),
  ).finally(() => (progress.searching = false))
  const slowest: Record<string, number> = {}
  while (progress.searching) {
    for (const [name, ask] of Object.entries({
      read: async () => send(served.url, 'GET', '/tasks/01900000-0000-7000-8000-000000500000'),
      list: async () => send(served.url, 'GET', '/tasks?limit=10'),
      write: async () => send(served.url, 'POST', '/tasks', { title: 'meanwhile' }),
    })) {
      const begun = performance.now()
      t.ok((await ask()).status < 300)
      slowest[name] = Math.max(slowest[name] ?? 0, performance.now() - begun)
    }
  }
  for (const { status, body } of await found)
    t.match({ status, body }, { status: 200, body: { items: [], nextCursor: String } })
  t.match((await counted).body, { total: tasks / 2 })
  t.comment(`searched for ${Math.round(performance.now() - started)} ms`, slowest)
  for (const [name, ms] of Object.entries(slowest)) t.ok(ms < mostMs, `${name}: ${Math.round(ms)} ms`)
  await findsTheLast(t, served.url)
}

/** What a search did not get to is found by going on with its cursor. */
async function findsTheLast(t: Test, url: string): Promise<void> {
  let cursor = ''
  const titles: string[] = []
  let pages = 0
  do {
    const { body } = await send(
      url,
      'GET',
      `/tasks?q=000000000007&sort=-title${cursor && `&cursor=${cursor}`}`,
    )
    const page = body as { items: { title: string }[]; nextCursor: string | null }
    titles.push(...page.items.map(({ title }) => title))
    cursor = page.nextCursor ?? ''
    pages += 1
  } while (cursor)
  t.strictSame(titles, ['Title 000000000007 with a few words of what is to be done'])
  t.equal(pages, 21, 'a twentieth of the tasks for each page')
}

for (const sqliteDriver of ['sqlite3', 'better-sqlite3', 'node:sqlite'] as const) {
  const opened = createEngine({ dialect: 'sqlite', filename: ':memory:', params: {} }, { sqliteDriver })
  if (opened.ok) await opened.engine.close()
  void t.test(`SQLite, ${sqliteDriver}`, { skip: !opened.ok && opened.problem.message }, async (t) => {
    const folder = newFolder()
    t.teardown(() => rmSync(folder, { recursive: true }))
    await holdsUpNobody(t, { url: `sqlite:${join(folder, 'tasks.db')}`, sqliteDriver })
  })
}

void t.test('PostgreSQL', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  await holdsUpNobody(t, { url: server.url })
})

void t.test('MariaDB', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(server.remove)
  await holdsUpNobody(t, { url: server.url })
})
