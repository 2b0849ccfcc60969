import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { resolveDatabaseConfig, type DatabaseConfig, type ResolveOptions } from 'failsoft'
import { createEngine, openDatabase } from 'failsoft/knex'

/** A decision for SQLite in the place of a database that is not configured. */
function decide(options: ResolveOptions): Extract<DatabaseConfig, { kind: 'fallback' }> {
  const config = resolveDatabaseConfig({ env: {}, strategy: 'always', ...options })
  if (config.kind !== 'fallback') throw new Error(`it is ${config.kind}`)
  return config
}

t.test('a config that was handed in is the decision, whatever the other options say', async (t) => {
  const chosen = join(t.testdir({ chosen: {}, elsewhere: {} }), 'chosen', 'app.db')
  const cwd = join(t.testdirName, 'elsewhere')
  for (const { name, config } of [
    { name: 'a file', config: decide({ sqlite: { filename: chosen } }) },
    { name: 'memory', config: decide({ sqlite: { filename: ':memory:' } }) },
  ]) {
    await t.test(name, async (t) => {
      const env = { SQLITE_PATH: join(cwd, 'another.db') }
      const database = openDatabase({ config, env, cwd, log: () => {} })
      t.teardown(() => database.close())
      t.match(await database.connect(), { status: 'fallback', location: config.location })
      await database.knex.schema.createTable('tasks', (table) => table.text('title'))
      t.equal(existsSync(chosen), true, 'the file of the first decision')
      t.same(readdirSync(cwd), [], 'nothing is written elsewhere')
    })
  }
})

t.test('a config that was handed in and cannot be used is not exchanged for another place', async (t) => {
  const cwd = t.testdir({ inTheWay: 'a file' })
  const config = decide({ sqlite: { directories: [join(cwd, 'later')] } })
  const filename = join(cwd, 'inTheWay', 'app.db')
  const impossible = { ...config, location: { ...config.location, filename } }
  const database = openDatabase({ config: impossible, env: {}, cwd, log: () => {} })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'unavailable', problem: { code: 'sqlite-directory-missing' } })
  t.same(readdirSync(cwd), ['inTheWay'])
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

/** What a way to open leaves on the disk, and whether it works. */
async function tryWay(
  t: Test,
  way: 'createEngine' | 'openDatabase',
  config: DatabaseConfig,
  file: string,
): Promise<string | string[]> {
  if (way === 'openDatabase') {
    const database = openDatabase({ config, env: {}, log: () => {} })
    t.teardown(() => database.close())
    const state = await database.connect()
    if (state.problem && state.status === 'unavailable') return state.problem.code
    await database.knex.schema.createTable('tasks', (table) => table.text('title'))
  } else {
    const made = createEngine(config)
    if (!made.ok) return made.problem.code
    t.teardown(() => made.engine.close())
    const answer = await made.engine.probe({ write: true })
    if (!answer.ok) return answer.problem.code
    await made.engine.knex.schema.createTable('tasks', (table) => table.text('title'))
  }
  return [modeOf(dirname(file)), modeOf(file)]
}

for (const { name, path, configOf, want } of [
  {
    name: 'a fallback in a new directory',
    path: 'new/below/app.db',
    configOf: (filename: string) => decide({ sqlite: { filename } }),
    // In a place that all programs share, such as /tmp, the file is for its owner alone.
    want: ['755', /^6(00|44)$/],
  },
  {
    name: 'a fallback in the directory that the resolver names in a place of others',
    path: 'failsoft-0-0123456789ab/app.db',
    configOf: (filename: string) => decide({ sqlite: { filename } }),
    want: ['700', '600'],
  },
  {
    name: 'a configured file in a new directory',
    path: 'new/below/app.db',
    configOf: (filename: string) => resolveDatabaseConfig({ url: `sqlite:${filename}`, strategy: 'never' }),
    want: ['755', /^6(00|44)$/],
  },
  {
    name: 'a configured file below a file',
    path: 'inTheWay/app.db',
    configOf: (filename: string) => resolveDatabaseConfig({ url: `sqlite:${filename}`, strategy: 'never' }),
    want: 'sqlite-directory-missing',
  },
  {
    name: 'a configured file that must exist, and does not',
    path: 'absent.db',
    configOf: (filename: string) =>
      resolveDatabaseConfig({ url: `sqlite:${filename}?mode=rw`, strategy: 'never' }),
    want: 'sqlite-cannot-open',
  },
]) {
  t.test(`both ways to open make a place ready alike: ${name}`, async (t) => {
    const umask = process.umask(0o022)
    t.teardown(() => process.umask(umask))
    t.testdir({})
    const found: unknown[] = []
    for (const way of ['createEngine', 'openDatabase'] as const) {
      const root = join(t.testdirName, way)
      mkdirSync(root)
      writeFileSync(join(root, 'inTheWay'), 'a file')
      const file = join(root, path)
      found.push(await tryWay(t, way, configOf(file), file))
    }
    t.match(found, [want, want])
    t.same(found[0], found[1])
  })
}
