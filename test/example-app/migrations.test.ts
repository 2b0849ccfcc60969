import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { makeMigration } from 'example-app/migrations/make-migration.js'
import { migrations } from 'example-app/migrations/list.js'
import { listOf } from 'example-app/migrations/template.js'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { countedNode, plainNode } from '../plain-node.ts'
import { send } from './http-client.ts'
import { migratesTogether } from './migrates-together.ts'
import { migratesWell } from './migrates-well.ts'
import { newFolder, startApp } from './start-app.ts'

const names = Object.keys(migrations)
const command = fileURLToPath(import.meta.resolve('example-app/migrations/command.js'))

void t.test('SQLite', async (t) => {
  const url = `sqlite:${join(newFolder(), 'tasks.db')}`
  await migratesTogether(t, url)
  await migratesWell(t, url)
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
  const run = (env: Record<string, string>, args: string[], node = plainNode) => {
    const result = spawnSync(...node(command, ...args), { cwd: folder, env, encoding: 'utf8' })
    return { code: result.status, text: result.stdout + result.stderr }
  }
  const env = { DATABASE_URL: 'sqlite:./by-hand.db' }
  t.match(run(env, ['up'], countedNode), { code: 0, text: /^Migrated on sqlite:.*create-tasks\n$/ })
  t.match(run(env, ['up'], countedNode), { code: 0, text: /^Nothing to do/ })
  t.match(run(env, ['down'], countedNode), { code: 0, text: /^Rolled back .*create-tasks\n$/ })
  t.match(run({}, ['up']), { code: 0, text: /failsoft\.db/ }, 'without a variable: where the app would run')
  const away = { DATABASE_URL: 'postgres://user:pa55word@127.0.0.1:1/db' }
  const refused = run(away, ['up'], countedNode)
  t.match(refused, { code: 1, text: /refused the connection/ })
  t.notMatch(refused.text, /pa55word/)
  t.match(run(env, ['sideways'], countedNode), { code: 1, text: /usage/ })
  t.match(run(env, []), { code: 1, text: /usage/ })
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
  t.match(spawnSync(...countedNode(command, 'make'), { encoding: 'utf8' }).stderr, /usage/)
})
