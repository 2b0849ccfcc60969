import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../servers/free-port.ts'
import { refusedPort } from '../servers/refused-port.ts'
import { startPostgres } from '../servers/postgres.ts'
import { compileExamples, runFile } from './examples.ts'
import { codeBlocks, onlyBlock, readText, root } from './markdown.ts'
import { plainNode } from '../plain-node.ts'

const names = readdirSync(join(root, 'docs/recipes'))
  // What Prisma writes is not here: that recipe has a test of its own, test/field/pools/prisma.test.ts.
  .filter((file) => !['README.md', 'prisma.md'].includes(file))
  .map((file) => file.replace('.md', ''))
const sources = Object.fromEntries(names.map((name) => [name, onlyBlock(`docs/recipes/${name}.md`, 'ts')]))
const guide = codeBlocks(readText('docs/migrate-from-knex.md')).find(({ language }) => language === 'ts')!
const services = ['koa', 'express', 'fastify', 'hono']
const strict = services.map((name) => [`${name}-never`, sources[name]!.replace("'always'", "'never'")])
const compiled = compileExamples({
  ...sources,
  ...Object.fromEntries(strict),
  'migrate-from-knex': guide.code,
})
t.teardown(compiled.remove)
t.setTimeout(900_000)

void t.test('the programs compile, as in a strict project', async (t) => {
  t.strictSame(compiled.complaints, [])
})

interface Service {
  readonly url: string
  readonly port: number
  stop(): Promise<number | null>
}

/** Runs a recipe that serves, and waits until it listens. */
async function serve(t: Test, name: string): Promise<Service> {
  const port = await freePort()
  const cwd = mkdtempSync(join(tmpdir(), 'failsoft-recipe-'))
  const child = spawn(...plainNode(compiled.file(name)), {
    cwd,
    env: { PATH: process.env['PATH'], PORT: String(port) },
  })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(cwd, { recursive: true })
  })
  const url = `http://localhost:${port}`
  const isUp = async (): Promise<boolean> =>
    fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (child.exitCode === null && !(await isUp())) await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    url,
    port,
    async stop() {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
  }
}

for (const name of services) {
  void t.test(`${name}: keeps notes, is healthy, and ends when it is told to`, async (t) => {
    const service = await serve(t, name)
    await fetch(`${service.url}/notes?text=one`, { method: 'POST' })
    const answer = await fetch(`${service.url}/notes?text=two`, { method: 'POST' })
    t.strictSame(await answer.json(), [{ text: 'one' }, { text: 'two' }])
    await fetch(`${service.url}/notes?text=three`, { method: 'POST' })
    t.equal((await fetch(`${service.url}/notes?text=four`, { method: 'POST' })).status, 409)
    const notes = await (await fetch(`${service.url}/notes`)).json()
    t.equal((notes as unknown[]).length, 3, 'an answer of 400 or more was rolled back')
    t.match(await (await fetch(`${service.url}/health/ready`)).json(), { status: 'warn' })
    t.equal(await service.stop(), 0)
  })

  void t.test(`${name}: a client that goes away leaves nothing behind`, async (t) => {
    const service = await serve(t, name)
    for (let left = 20; left > 0; left -= 1) {
      const socket = connect(service.port, 'localhost')
      await once(socket, 'connect')
      socket.end('GET /notes HTTP/1.1\r\nHost: x\r\n\r\n').destroy()
    }
    t.equal((await fetch(`${service.url}/notes`)).status, 200)
    t.equal(await service.stop(), 0, 'nothing that was held kept it from closing')
  })

  void t.test(`${name}: without a database, answers 503 with the reason`, async (t) => {
    const service = await serve(t, `${name}-never`)
    const answer = await fetch(`${service.url}/notes`)
    t.equal(answer.status, 503)
    t.equal(answer.headers.get('retry-after'), '60')
    t.match(await answer.json(), { code: 'missing', hint: /^Set / })
    t.equal((await fetch(`${service.url}/health/ready`)).status, 503)
    t.equal((await fetch(`${service.url}/health/live`)).status, 200)
    t.equal(await service.stop(), 0)
  })
}

void t.test('objection: a model on the handle, and in a transaction', async (t) => {
  const { code, out, err } = await runFile(compiled.file('objection'))
  t.equal(code, 0, err)
  t.equal(out, "[ 'Write a model' ]\n")
})

void t.test('scripts: work on the real database', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  const run = await runFile(compiled.file('scripts'), { DATABASE_URL: server.url })
  t.strictSame(run, { code: 0, out: 'The sum is 3.\n', err: '' })
})

void t.test('scripts: say in one line why there is none, and fail', async (t) => {
  const { code, out, err } = await runFile(compiled.file('scripts'))
  t.match({ code, out, err }, { code: 1, out: '', err: /^DATABASE_URL is not set\. Set .*\n$/ })
})

for (const name of ['kysely', 'drizzle']) {
  void t.test(`${name}: works on the pool, and says what it runs on`, async (t) => {
    const server = await startPostgres()
    t.teardown(server.remove)
    const run = await runFile(compiled.file(name), { DATABASE_URL: server.url })
    t.strictSame(run, { code: 0, out: 'connected\none,two\nclosed\n', err: '' })
    await server.stop()
    const without = await runFile(compiled.file(name), { DATABASE_URL: server.url })
    t.strictSame(without, { code: 0, out: 'unavailable\nclosed\n', err: '' })
  })
}

void t.test('bundlers: connects with what is handed over', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  const run = await runFile(compiled.file('bundlers'), { DATABASE_URL: server.url })
  t.strictSame(run, { code: 0, out: 'connected \n', err: '' })
})

void t.test('several databases: one falls back, the other is down', async (t) => {
  const REPORTS_DATABASE_URL = `postgres://app@127.0.0.1:${refusedPort}/reports`
  const { code, out } = await runFile(compiled.file('several-databases'), { REPORTS_DATABASE_URL })
  t.match({ code, out }, { code: 0, out: 'fallback unavailable\n' })
})

void t.test('tests: pass', async (t) => {
  const { code, out } = await runFile(compiled.file('tests'))
  t.equal(code, 0, out)
  t.match(out, /^(?:#|ℹ) pass 2$/m)
})

void t.test('docker secrets: the URL stands in a file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'failsoft-secret-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'database_url')
  writeFileSync(file, 'sqlite::memory:\n')
  const run = await runFile(compiled.file('docker-secrets'), { DATABASE_URL_FILE: file })
  t.match(run, { code: 0, out: 'connected DATABASE_URL_FILE\n' })
})

void t.test('from knex: migrations run on whichever engine is in use', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'failsoft-guide-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'migrations'))
  const migration = `exports.up = (knex) => knex.schema.createTable('notes', (table) => { table.increments() })
    exports.down = (knex) => knex.schema.dropTable('notes')`
  writeFileSync(join(folder, 'migrations', '1-notes.cjs'), migration)
  const child = spawn(...plainNode(compiled.file('migrate-from-knex')), {
    cwd: folder,
    env: { PATH: process.env['PATH'], DATABASE_URL: 'sqlite:notes.db' },
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
    // It is an app: it would run on.
    child.kill()
  })
  await once(child, 'close')
  t.match(out, /^connected sqlite:.*notes\.db/)
})

void t.test('from knex: where there is no database, the program says why and ends with 1', async (t) => {
  const DATABASE_URL = 'postgres://app:s3cret@db.example.com:99999/todo'
  const { code, out, err } = await runFile(compiled.file('migrate-from-knex'), {
    DATABASE_URL,
    DATABASE_FALLBACK: 'never',
  })
  t.equal(code, 1)
  t.match(err, 'DATABASE_URL has a port that is not a number from 1 to 65535.')
  t.equal(out, '')
  t.notMatch(err, 's3cret')
})
