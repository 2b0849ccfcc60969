import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { dialectOf } from 'example-app/migrations/dialect.js'
import { makeMigration } from 'example-app/migrations/make-migration.js'
import { migrate, rollBack } from 'example-app/migrations/migrate.js'
import { migrations } from 'example-app/migrations/list.js'
import { listOf } from 'example-app/migrations/template.js'
import { withMigrationLock } from 'example-app/migrations/migration-lock.js'
import { openDatabase } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { startMariadb } from '../servers/mariadb.ts'
import { startPostgres } from '../servers/postgres.ts'
import { send } from './http-client.ts'
import { newFolder, startApp } from './start-app.ts'

const names = Object.keys(migrations)
const command = fileURLToPath(import.meta.resolve('example-app/migrations/command.js'))

/** What must hold on each database. The URL leads to an empty one. */
async function migratesWell(t: Test, url: string): Promise<void> {
  await t.test('processes that start together migrate once', async (t) => {
    const apps = await Promise.all(Array.from({ length: 3 }, async () => startApp({ DATABASE_URL: url })))
    t.teardown(async () => Promise.all(apps.map(async (app) => app.stop())))
    for (const app of apps) {
      t.match((await app.settled()).body, { state: { status: 'connected' } })
      t.equal((await send(app.url, 'GET', '/health/ready')).status, 200)
    }
    const ran = apps.map((app) => app.output().out.split('"migrated"').length - 1)
    t.strictSame(
      ran.toSorted((a, b) => a - b),
      [0, 0, 1],
    )
  })

  await t.test('goes down and up again, and does nothing twice', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    t.strictSame(await migrate(knex), [])
    t.strictSame(await rollBack(knex), names.toReversed())
    t.notOk(await knex.schema.hasTable('tasks'))
    t.strictSame(await rollBack(knex), [])
    const both = await Promise.all([migrate(knex), migrate(knex)])
    t.strictSame(both.flat(), names, 'also when asked twice at a time')
    t.ok(await knex.schema.hasTable('tasks'))
  })

  await t.test('a lock that a dead process left behind holds nobody up', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    await rollBack(knex)
    await knex('knex_migrations_lock').update({ is_locked: 1 })
    t.strictSame(await migrate(knex), names)
  })

  await t.test('who waits too long for another process gives up', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    // SQLite has a patience of its own, which is the engine's.
    if (dialectOf(knex) === 'sqlite3') return
    await withMigrationLock(knex, async () => {
      await t.rejects(withMigrationLock(knex, async () => t.fail('has the lock too'), 1))
    })
    t.equal(await withMigrationLock(knex, async () => 'free again', 1), 'free again')
  })

  await t.test('each order and filter has an index behind it', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    await fill(knex)
    for (const [column, order] of [
      ['created_at', 'desc'],
      ['title', 'asc'],
    ] as const) {
      for (const filter of [{}, { completed: true }]) {
        const list = knex('tasks')
          .where(filter)
          .orderBy([
            { column, order },
            { column: 'id', order },
          ])
          .limit(20)
        const plan = await explain(knex, list.toQuery())
        t.match(
          plan,
          new RegExp(`tasks_${'completed' in filter ? 'completed_' : ''}${column}_id_index`),
          plan,
        )
      }
    }
  })
}

async function fill(knex: import('knex').Knex): Promise<void> {
  const text = { description: '', search: '' }
  const rows = Array.from({ length: 20_000 }, (_, n) => {
    const time = new Date(n * 1_000).toISOString()
    return {
      id: `id-${n}`,
      title: `title ${n}`,
      completed: n % 100 === 0,
      created_at: time,
      updated_at: time,
      ...text,
    }
  })
  await knex.transaction(async (trx) => {
    for (let from = 0; from < rows.length; from += 500)
      await trx('tasks').insert(rows.slice(from, from + 500))
  })
  await knex.raw(dialectOf(knex) === 'mysql' ? 'analyze table tasks' : 'analyze')
}

async function explain(knex: import('knex').Knex, sql: string): Promise<string> {
  const isSqlite = dialectOf(knex) === 'sqlite3'
  const result = (await knex.raw(`explain ${isSqlite ? 'query plan ' : ''}${sql}`)) as {
    rows?: unknown
  } & unknown[]
  return JSON.stringify(isSqlite ? result : (result.rows ?? result[0]))
}

void t.test('SQLite', async (t) => migratesWell(t, `sqlite:${join(newFolder(), 'tasks.db')}`))

void t.test('PostgreSQL', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  await migratesWell(t, server.url)
})

void t.test('MariaDB', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(server.remove)
  await migratesWell(t, server.url)
})

void t.test('a migration that fails leaves the app up, and says so', async (t) => {
  const folder = newFolder()
  const DATABASE_URL = `sqlite:${join(folder, 'tasks.db')}`
  const database = openDatabase({ url: DATABASE_URL, env: {}, strategy: 'never', log: () => {} })
  await (await database.ready()).schema.createTable('tasks', (table) => table.increments())
  await database.close()
  const app = await startApp({ DATABASE_URL })
  t.teardown(async () => app.stop())
  t.match((await app.settled()).body, { state: { status: 'unavailable', code: 'migration-failed' } })
  t.equal((await send(app.url, 'GET', '/health/ready')).status, 503)
  t.match(await send(app.url, 'GET', '/tasks'), { status: 503, body: { code: 'migration-failed' } })
})

void t.test('a database that takes no writes is served as it is, if it is up to date', async (t) => {
  const file = join(newFolder(), 'tasks.db')
  const first = await startApp({ DATABASE_URL: `sqlite:${file}` })
  await first.settled()
  const made = await send(first.url, 'POST', '/tasks', { title: 'kept' })
  await first.stop()
  const app = await startApp({ DATABASE_URL: `sqlite:${file}?mode=ro` })
  t.teardown(async () => app.stop())
  t.match((await app.settled()).body, { state: { status: 'connected', readOnly: true } })
  t.match((await send(app.url, 'GET', '/tasks')).body, { items: [made.body] })
  t.match(await send(app.url, 'POST', '/tasks', { title: 'x' }), { status: 503, body: { code: /read-only/ } })
})

void t.test('by hand: up, down, and a word for what is wrong', async (t) => {
  const folder = newFolder()
  const run = (env: Record<string, string>, ...args: string[]) => {
    const result = spawnSync(process.execPath, [command, ...args], { cwd: folder, env, encoding: 'utf8' })
    return { code: result.status, text: result.stdout + result.stderr }
  }
  const env = { DATABASE_URL: 'sqlite:./by-hand.db' }
  t.match(run(env, 'up'), { code: 0, text: /^Migrated on sqlite:.*create-tasks\n$/ })
  t.match(run(env, 'up'), { code: 0, text: /^Nothing to do/ })
  t.match(run(env, 'down'), { code: 0, text: /^Rolled back .*create-tasks\n$/ })
  t.match(run({}, 'up'), { code: 0, text: /failsoft\.db/ }, 'without a variable: where the app would run')
  const away = { DATABASE_URL: 'postgres://user:pa55word@127.0.0.1:1/db' }
  const refused = run(away, 'up')
  t.match(refused, { code: 1, text: /refused the connection/ })
  t.notMatch(refused.text, /pa55word/)
  t.match(run(env, 'sideways'), { code: 1, text: /usage/ })
  t.match(run(env), { code: 1, text: /usage/ })
})

void t.test('the list is what make would write', async (t) => {
  const source = new URL('../src/migrations/list.ts', import.meta.resolve('example-app'))
  const files = names.map((name) => `${name}.ts`)
  t.equal(listOf([...files.toReversed(), 'list.ts', 'migrate.ts']), readFileSync(source, 'utf8'))
})

void t.test('make writes a file and the list', async (t) => {
  const folder = pathToFileURL(`${newFolder()}/`)
  const file = await makeMigration("Add: 'Due date'!", folder)
  t.match(file, /^\d{14}-add-due-date\.ts$/)
  t.match(
    readFileSync(new URL(file, folder), 'utf8'),
    /export async function up[^]*export async function down/,
  )
  const name = file.slice(0, -3)
  const variable = `migration${name.slice(0, 14)}AddDueDate`
  const list = readFileSync(new URL('list.ts', folder), 'utf8')
  t.match(list, `import * as ${variable} from './${file}'`)
  t.match(list, `'${name}': ${variable},`)
  await t.rejects(makeMigration(' ?! ', folder), { message: /usage/ })
  t.match(spawnSync(process.execPath, [command, 'make'], { encoding: 'utf8' }).stderr, /usage/)
})
