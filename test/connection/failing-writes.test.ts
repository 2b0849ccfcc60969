import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { plainNode } from '../plain-node.ts'

/** Runs a program where no file gets larger than so many KB, and to try that is an error rather than the end. */
async function runLimited(kilobytes: number, code: string, ...args: readonly string[]): Promise<unknown> {
  const limit = `ulimit -f ${kilobytes}; trap '' XFSZ; exec "$@"`
  const [node, rest] = plainNode('--input-type=module', '--eval', code, ...args)
  const { stdout } = await promisify(execFile)('bash', ['-c', limit, 'bash', node, ...rest])
  return JSON.parse(stdout)
}

/** Writes until the state says that the file takes no more. */
const program = `
  import { openDatabase } from 'failsoft/knex'
  const [, url, sqliteDriver] = process.argv
  const database = openDatabase({ url, env: {}, sqliteDriver, strategy: 'never', log: () => {} })
  await database.connect()
  await database.knex.raw('create table notes (text text)')
  const text = 'y'.repeat(20_000)
  let code
  while (database.state.status === 'connected')
    await database.knex('notes').insert({ text }).catch((error) => (code ??= error.code))
  const { status, problem } = database.state
  const health = database.health().status
  console.log(JSON.stringify({ code, status, problem, health }))
  await database.close({ timeoutMs: 0 })`

for (const { name, skip } of sqliteDrivers) {
  void t.test(
    `a file that grows no more, although the disk has room, is away: ${name}`,
    { skip },
    async (t) => {
      const [node, args] = plainNode(
        '--input-type=module',
        '--eval',
        program,
        `sqlite:${join(t.testdir(), 'app.db')}`,
        name,
      )
      // No file gets larger than 1.5 MB, and to try that is an error rather than the end.
      const limit = 'ulimit -f 1500; trap \'\' XFSZ; exec "$@"'
      const { stdout } = await promisify(execFile)('bash', ['-c', limit, 'bash', node, ...args])
      t.match(JSON.parse(stdout), {
        code: /^sqlite-(full|cannot-open)$|^SQLITE_(FULL|IOERR)/,
        status: 'reconnecting',
        problem: { code: /^sqlite-(full|cannot-open)$/ },
        health: 'fail',
      })
    },
  )
}

const fallback = `
  import { openDatabase } from 'failsoft/knex'
  const [, cwd] = process.argv
  const database = openDatabase({ cwd, env: {}, strategy: 'always', bootDeadlineMs: 500, log: () => {} })
  await database.connect()
  while (database.state.status === 'connecting') await new Promise((resolve) => setTimeout(resolve, 20))
  const { status, problem, location } = database.state
  console.log(JSON.stringify({ status, problem, location, trace: database.config.trace }))
  await database.close({ timeoutMs: 0 })`

void t.test('a fallback with rows is not left for an empty one where its disk fails', async (t) => {
  const cwd = t.testdir({ data: {} })
  const filename = join(cwd, 'data', 'failsoft.db')
  const first = openDatabase({ cwd, env: {}, strategy: 'always', log: () => {} })
  t.match(await first.connect(), { status: 'fallback', location: { filename } })
  await first.knex.schema.createTable('notes', (table) => table.increments('id'))
  await first.close()
  // SQLite cannot make what it needs beside the file.
  const answer = await runLimited(1, fallback, cwd)
  t.match(answer, {
    status: 'unavailable',
    problem: { code: /^sqlite-(full|cannot-open)$/, message: /disk/ },
  })
  t.match(answer, { location: undefined })
})

const filledByPrepare = `
  import { openDatabase } from 'failsoft/knex'
  const [, cwd] = process.argv
  const prepare = async (knex) => {
    await knex.raw('create table if not exists notes (text text)')
    const fill = async (text) => {
      for (;;) await knex('notes').insert({ text })
    }
    for (const length of [100_000, 10_000, 1000, 100, 1]) await fill('y'.repeat(length)).catch(() => {})
  }
  const database = openDatabase({ cwd, env: {}, strategy: 'always', prepare, log: () => {} })
  const { status, problem } = await database.connect()
  console.log(JSON.stringify({ status, problem }))
  await database.close({ timeoutMs: 0 })`

void t.test('a fallback whose preparation fills the disk says so', async (t) => {
  t.match(await runLimited(1500, filledByPrepare, t.testdir()), {
    status: 'unavailable',
    problem: { code: /^sqlite-(full|cannot-open)$/, message: /disk/ },
  })
})
