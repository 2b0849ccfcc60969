import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { startMariadb } from '../../servers/mariadb.ts'
import { startPostgres } from '../../servers/postgres.ts'
import { root, type Project } from '../../package/project.ts'
import { pack } from '../../package/stage.ts'
import { projectWith as userProject } from './user-project.ts'

const { version, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  version: string
  peerDependencies: Record<string, string>
}
const packed = await pack()
t.teardown(packed.remove)
const isThorough = Boolean(process.env['CI'])
// Installing takes its time.
t.setTimeout(600_000)

/** A project with failsoft and these packages in it. */
const projectWith = (t: Test, packages: readonly string[]): Promise<Project | undefined> =>
  userProject(t, [packed.tarball, ...packages])

const printStatus = `
import { openDatabase } from 'failsoft/knex'
const database = openDatabase({ strategy: 'always' })
const { status, engine, problem } = await database.connect()
console.log(status, engine?.driver ?? problem.code)
if (engine) console.log(await database.knex.first(database.knex.raw('1 as one')))
await database.close()
`
const printPool = (driver: string): string => `
import { openPool } from 'failsoft/${driver}'
const database = openPool()
const { status, engine, problem } = await database.connect()
console.log(status, engine?.driver ?? problem.code)
const answer = await database.pool.query('select 1 as one')
console.log({ ...(answer.rows ?? answer[0])[0] })
await database.close()
`
const coreUser = `
import { formatUrl, problemCatalogue, resolveDatabaseConfig, Secret, validateUrl } from 'failsoft'
import type { ConnectionState, DatabaseConfig, Problem, ResolveOptions, UrlValidation } from 'failsoft'
const options: ResolveOptions = { env: { DATABASE_URL: 'postgres://app:s3cret@db.example.com/todo' } }
const config: DatabaseConfig = resolveDatabaseConfig(options)
const read: UrlValidation = validateUrl('postgres://app:s3cret@db.example.com/todo')
const problems: readonly Problem[] = read.valid ? read.warnings : read.problems
if (config.kind === 'primary' && config.target.dialect !== 'sqlite') config.target.hosts[0]?.port.toFixed()
// @ts-expect-error - what is returned is deeply readonly
config.warnings = []
export const status: ConnectionState['status'] = 'idle'
export { formatUrl, problemCatalogue, problems, Secret }
`
const knexUser = `
import { databaseHealth, databaseSession } from 'failsoft/koa'
import { openDatabase, type Database } from 'failsoft/knex'
import Koa from 'koa'
import type { Knex } from 'knex'
await using database: Database = openDatabase({ prepare: async (knex) => void (await knex.raw('select 1')) })
const app = new Koa()
app.use(databaseHealth(database)).use(databaseSession(database, { transaction: 'unsafe-methods' }))
app.use(async (ctx) => {
  const db: Knex = ctx.db
  ctx.body = await db('tasks').select('id')
})
const state = await database.connect()
if (state.status === 'fallback') state.location.durability.length
// @ts-expect-error - there is no engine while there is no database
if (state.status === 'unavailable') state.engine
export default app
`

/** The settings of a strict project. */
function strictSettings(moduleName: 'nodenext' | 'bundler', more: object): object {
  const module = moduleName === 'nodenext' ? 'nodenext' : 'esnext'
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
  const target = { target: 'es2022', lib: ['es2022', 'esnext.disposable'], noEmit: true }
  return { compilerOptions: { ...strict, ...target, module, moduleResolution: moduleName, ...more } }
}

async function typesHold(t: Test, project: Project, compiler: string, more: object): Promise<void> {
  for (const moduleName of ['nodenext', 'bundler'] as const) {
    project.write('tsconfig.json', strictSettings(moduleName, more))
    const { code, out } = await project.node([compiler, '-p', '.'])
    t.equal(code, 0, `${compiler.replace(/.*node_modules.(.*).bin.tsc/, '$1')} ${moduleName}: ${out}`)
  }
}

const otherCompilers = ['ts59@npm:typescript@5.9', 'ts6@npm:typescript@6']
const compilers = [`${root}node_modules/@typescript/native/bin/tsc`].concat(
  isThorough ? ['node_modules/ts59/bin/tsc', 'node_modules/ts6/bin/tsc'] : [],
)

void t.test('the core alone: runs through import and require, without any peer', async (t) => {
  const project = await projectWith(t, [])
  if (!project) return
  project.write(
    'core.js',
    "import { validateUrl } from 'failsoft'\nconsole.log(validateUrl('sqlite:x').redacted)",
  )
  project.write('core.cjs', "console.log(require('failsoft').validateUrl('sqlite:x').redacted)")
  project.write('knex.js', printStatus)
  for (const file of ['core.js', 'core.cjs']) {
    t.strictSame(await project.node([file]), { code: 0, out: 'sqlite:x\n' }, file)
  }
  const { code, out } = await project.node(['knex.js'])
  t.equal(code, 0, 'even a program that has no knex boots')
  t.match(out, 'unavailable driver-missing')
  const commands = [
    { words: ['resolve'], want: { code: 1, out: 'as a fallback' } },
    { words: ['check'], want: { code: 2, out: 'driver-missing' } },
    { words: ['doctor', '.'], want: { code: 2, out: 'readme-missing' } },
    { words: ['--version'], want: { code: 0, out: version } },
  ]
  for (const { words, want } of commands) {
    const ran = await project.node(['node_modules/failsoft/dist/cli/main.js', ...words])
    t.match(ran, want, `failsoft ${words.join(' ')}`)
  }
})

void t.test('the core alone: its types hold, also those inside, and need no other package', async (t) => {
  const project = await projectWith(t, isThorough ? otherCompilers : [])
  if (!project) return
  project.write('core.ts', coreUser)
  for (const compiler of compilers) {
    await typesHold(t, project, compiler, { types: [], skipLibCheck: false })
  }
})

void t.test(
  'with knex and Koa: the types hold',
  { skip: !isThorough && 'only where CI is set' },
  async (t) => {
    const packages = ['knex', 'koa', '@types/koa', '@types/node@20', ...otherCompilers]
    const project = await projectWith(t, packages)
    if (!project) return
    project.write('app.ts', knexUser)
    for (const compiler of compilers) await typesHold(t, project, compiler, { types: ['node'] })
  },
)

/** The lowest version that package.json allows. */
function oldest(name: string): string {
  return `${name}@${/\d[\d.]*/.exec(String(peerDependencies[name]))?.[0]}`
}

const servers = [
  { name: 'knex and pg', start: startPostgres, packages: ['knex', 'pg'], driver: 'pg' },
  {
    name: 'the oldest knex and pg',
    start: startPostgres,
    packages: ['knex', 'pg'].map(oldest),
    driver: 'pg',
  },
  { name: 'the oldest pg', start: startPostgres, packages: [oldest('pg')], driver: 'pg' },
  { name: 'the oldest mysql2', start: startMariadb, packages: [oldest('mysql2')], driver: 'mysql2' },
  {
    name: 'the oldest knex and mysql2',
    start: startMariadb,
    packages: ['knex', 'mysql2'].map(oldest),
    driver: 'mysql2',
  },
]

for (const { name, start, packages, driver } of servers) {
  const skip = name.includes('oldest') && !isThorough && 'only where CI is set'
  void t.test(`with ${name}: runs on a server`, { skip }, async (t) => {
    const project = await projectWith(t, packages)
    if (!project) return
    const server = await start()
    if ('skip' in server) {
      t.plan(0, server.skip)
      return
    }
    t.teardown(server.remove)
    project.write('program.js', packages.length > 1 ? printStatus : printPool(driver))
    const { code, out } = await project.node(['program.js'], { DATABASE_URL: server.url })
    t.equal(code, 0)
    t.equal(out, `connected ${driver}\n{ one: 1 }\n`)
  })
}

void t.test('with knex and sqlite3: runs on SQLite, through import and require', async (t) => {
  const project = await projectWith(t, ['knex', 'sqlite3'])
  if (!project) return
  project.takeNativePart('sqlite3')
  project.write('knex.js', printStatus)
  project.write(
    'knex.cjs',
    "const { openDatabase } = require('failsoft/knex')\n" +
      "openDatabase({ sqliteDriver: 'sqlite3', env: { DATABASE_URL: 'sqlite:x.db' } }).connect()" +
      '.then(({ status, engine }) => { console.log(status, engine.driver); process.exit() })',
  )
  t.match(await project.node(['knex.js']), { code: 0, out: 'fallback sqlite3\n{ one: 1 }\n' })
  t.match(await project.node(['knex.cjs']), { code: 0, out: 'connected sqlite3\n' })
})
