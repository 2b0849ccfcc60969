import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { resolveDatabaseConfig, Secret, type DatabaseConfig } from 'failsoft'
import t from 'tap'
import { plainNode } from '../plain-node.ts'

/** Every part of a value that is an object, and not frozen. */
function thawed(value: unknown, path = 'config'): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, part]) => thawed(part, `${path}.${key}`))
  return Object.isFrozen(value) ? inner : [path, ...inner]
}

const kinds: { name: string; config: DatabaseConfig }[] = [
  {
    name: 'primary',
    config: resolveDatabaseConfig({ env: { DATABASE_URL: 'postgres://u:s3cret@localhost/d?x=1' } }),
  },
  { name: 'SQLite', config: resolveDatabaseConfig({ env: { DATABASE_URL: 'sqlite:x.db' } }) },
  { name: 'fallback', config: resolveDatabaseConfig({ env: { DATABASE_FALLBACK: 'x' } }) },
  { name: 'unresolved', config: resolveDatabaseConfig({ env: {}, strategy: { auth: 'fallback' } }) },
]
for (const { name, config } of kinds) {
  t.same(thawed(config), [], `${name} is deeply frozen`)
  t.type(config.explain(), 'string', name)
  t.ok(config.trace.length > 0, name)
}

t.test('the environment is never changed, and only read', async (t) => {
  const env = Object.freeze({ DATABASE_URL: ' "postgres://u:s3cret@h/d" ', PGHOST: 'x', TMPDIR: '/nowhere' })
  const forbid = (): never => {
    throw new Error('written')
  }
  const watched = new Proxy(env, { set: forbid, deleteProperty: forbid, defineProperty: forbid })
  t.equal(resolveDatabaseConfig({ env: watched }).kind, 'primary')
})

t.test('nothing is written, whatever is decided', async (t) => {
  const cwd = t.testdir({})
  for (const env of [
    {},
    { DATABASE_URL: 'sqlite:new/x.db' },
    { SQLITE_PATH: 'deep/er/x.db' },
    { TMPDIR: cwd },
  ]) {
    resolveDatabaseConfig({ env, cwd, strategy: 'always' })
    t.same(readdirSync(cwd), [], JSON.stringify(env))
  }
})

t.test('a secret appears nowhere', async (t) => {
  const password = 's3cret'
  const cwd = t.testdir({ file: `postgres://u:${password}@h:x/d` })
  const environments = [
    { DATABASE_URL: `postgres://u:${password}@h/d?sslpassword=${password}` },
    { DATABASE_URL: `postgres://u:${password}@h:99999/d` },
    { DATABASE_URL: `nonsense ${password}` },
    { DATABASE_URL: `http://u:${password}@h/` },
    { DATABASE_URL: `postgres://u:pa/${password}@h/d` },
    { DATABASE_URL_FILE: `postgres://u:${password}@h/d` },
    { DATABASE_URL_FILE: password },
    { DATABASE_URL_FILE: 'file' },
    { PGHOST: 'h', PGUSER: 'u', PGPASSWORD: password },
    { PGHOST: `u:${password}@h` },
    { DATABASE_FALLBACK: `postgres://u:${password}@h/d` },
    { DB_URL: password, SQLITE_PATH: `postgres://u:${password}@h/d` },
    { DATABASE_URL: 'postgres://u@h/d', POSTGRES_URL: password, MYSQL_URL: `mysql://${password}@h` },
  ]
  for (const env of environments) {
    for (const strategy of ['always', 'never'] as const) {
      const config = resolveDatabaseConfig({ env, cwd, strategy })
      const shown = [
        JSON.stringify(config),
        inspect(config, { depth: null, showHidden: true }),
        config.explain(),
      ]
      t.notMatch(shown.join('\n'), password, Object.keys(env).join())
    }
  }
  const config = resolveDatabaseConfig({ env: environments[0]! })
  t.match(config, { target: { password: Secret } })
})

t.test('the fallback is told with its target and location', async (t) => {
  const cwd = t.testdir({})
  const config = resolveDatabaseConfig({ env: { SPACE_ID: 'a/b' }, cwd })
  const filename = join(cwd, 'data/failsoft.db')
  t.match(config, {
    kind: 'fallback',
    strategy: 'always',
    reason: 'missing',
    problem: { code: 'missing', hint: /Hugging Face Space/ },
    target: { dialect: 'sqlite', filename },
    location: { filename, durability: 'ephemeral' },
    warnings: [{ code: 'sqlite-ephemeral', hint: /Storage Bucket/ }],
  })
})

t.test('a configured SQLite file', async (t) => {
  const cwd = t.testdir({ here: {} })
  const resolve = (url: string, options = {}): DatabaseConfig =>
    resolveDatabaseConfig({ env: { DATABASE_URL: url, NODE_ENV: 'test' }, cwd, ...options })

  t.match(
    resolve('sqlite:x.db'),
    { kind: 'primary', target: { filename: join(cwd, 'x.db') } },
    'relative to another directory',
  )
  t.match(
    resolve('sqlite:x.db', { cwd: process.cwd() }),
    { target: { filename: 'x.db' } },
    'as the URL names it',
  )
  t.match(
    resolve('sqlite::memory:'),
    { kind: 'primary', target: { filename: ':memory:' }, warnings: [] },
    'in memory, as asked',
  )
  t.match(resolve('sqlite:////srv/x.db'), { kind: 'primary', target: { filename: '/srv/x.db' } }, 'absolute')

  const warning = { code: 'sqlite-slashes' }
  t.match(resolve('sqlite:///here/x.db'), { kind: 'primary', warnings: [warning] }, 'only ./here exists')
  t.match(resolve('sqlite:///nowhere/x.db'), { kind: 'primary', warnings: [warning] }, 'neither exists')
  const refused = {
    kind: 'fallback',
    reason: 'malformed',
    problem: warning,
    trace: [{ outcome: 'refused' }, { outcome: 'taken' }],
  }
  t.match(resolve('sqlite:///tmp/x.db'), refused, 'only /tmp exists')
  mkdirSync(join(cwd, 'tmp'))
  t.match(resolve('sqlite:///tmp/x.db'), { kind: 'primary', warnings: [warning] }, 'both exist')
  t.match(resolve('sqlite:///x.db'), { kind: 'primary' }, 'without a directory')
})

t.test('a configured SQLite file on a disk that is wiped', async (t) => {
  const env = { RENDER: 'true', DATABASE_URL: 'sqlite:/tmp/x.db' }
  t.match(resolveDatabaseConfig({ env }).warnings, [{ code: 'sqlite-ephemeral', hint: /Add a disk/ }])
})

t.test('weird paths end in a decision', async (t) => {
  const cwd = t.testdir({})
  symlinkSync('loop', join(cwd, 'loop'))
  for (const path of [
    'a\0b',
    'x'.repeat(5000),
    'loop/x.db',
    'loop',
    '/',
    '.',
    '..',
    '/dev/null',
    '/proc/self/mem',
    '~',
    '💾.db',
    ' ',
  ]) {
    for (const env of [{ SQLITE_PATH: path }, { DATABASE_URL: `sqlite:${encodeURIComponent(path)}` }]) {
      t.type(
        resolveDatabaseConfig({ env, cwd, strategy: 'always' }).explain(),
        'string',
        `${Object.keys(env)[0]} ${path.slice(0, 20)}`,
      )
    }
  }
})

t.test('a working directory that was deleted', async (t) => {
  const directory = t.testdir({ gone: {} })
  // The first import is for tap, whose hooks ask for the working directory when a file is loaded.
  const script = `
    import(${JSON.stringify(new URL('../../dist/resolve/error-code.js', import.meta.url).href)})
      .then(() => {
        process.chdir(${JSON.stringify(join(directory, 'gone'))})
        fs.rmdirSync(${JSON.stringify(join(directory, 'gone'))})
        return import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
      })
      .then(({ resolveDatabaseConfig }) => console.log(resolveDatabaseConfig({ env: { SQLITE_PATH: 'undefined' } }).kind))`
  t.equal(execFileSync(...plainNode('--eval', script), { encoding: 'utf8' }).trim(), 'fallback')
  rmSync(join(directory, 'gone'), { recursive: true, force: true })
})

t.test(
  'importing does no I/O, and resolving a server address no more than the container marks',
  async (t) => {
    const script = `
    const fs = process.getBuiltinModule ? process.getBuiltinModule('node:fs') : require('node:fs')
    const seen = []
    for (const name of Object.keys(fs).filter((key) => key.endsWith('Sync'))) {
      const original = fs[name]
      fs[name] = (...args) => { seen.push(name + ' ' + args[0]); return original(...args) }
    }
    require('node:module').syncBuiltinESMExports()
    import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}).then(({ resolveDatabaseConfig }) => {
      seen.length = 0
      resolveDatabaseConfig({ env: { DATABASE_URL: 'postgres://u@db.example.com/d' } })
      console.log(JSON.stringify(seen))
    })`
    t.same(JSON.parse(execFileSync(...plainNode('--eval', script), { encoding: 'utf8' })), [])
  },
)

t.test('a path cannot paint the terminal, or fill it', async (t) => {
  const cwd = t.testdir({})
  const painted = resolveDatabaseConfig({ env: { SQLITE_PATH: 'a\u001b[31m\nb.db' }, cwd }).explain()
  t.match(painted, 'a?[31m?b.db')
  t.notMatch(painted, '\u001b')
  const filled = resolveDatabaseConfig({
    env: { SQLITE_PATH: 'x'.repeat(1e6), TMPDIR: 'x'.repeat(1e6) },
    cwd,
  })
  t.ok(filled.explain().length < 10_000)
})
