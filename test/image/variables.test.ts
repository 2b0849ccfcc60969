import { readConfig } from 'example-app/config.js'
import { resolveDatabaseConfig } from 'failsoft'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/variables.md'), 'utf8')

/** The names in the first column of the tables. */
function documented(): string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
}

/** The names that are asked for while programs start, on each way that a host can be named. */
function asked(): Set<string> {
  const names = new Set<string>()
  const record = (env: Record<string, string>) =>
    new Proxy(env, { get: (target, name: string) => (names.add(name), target[name]) })
  readConfig(record({}))
  resolveDatabaseConfig({ env: record({}) })
  resolveDatabaseConfig({ env: record({ DATABASE_URL: 'mysql://app@localhost/todo' }) })
  resolveDatabaseConfig({ env: record({ SQLITE_REPLICA: 's3://bucket/tasks' }) })
  for (const host of [...names].filter((name) => name.endsWith('HOST'))) {
    resolveDatabaseConfig({ env: record({ [host]: 'localhost' }) })
  }
  return names
}

/** The names that are written out in the sources. */
function written(): string[] {
  return ['lib', 'example-app/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.startsWith(join('cli', 'doctor')))
      .map((path) => readFileSync(join(root, folder, path), 'utf8'))
      .flatMap((source) =>
        [...source.matchAll(/(?:\benv\[|\bread\()'([A-Z][A-Z_]+)'/g)].map(([, name]) => name!),
      ),
  )
}

t.test('the table of variables holds every one that is read, and no other', async (t) => {
  const read = [...asked(), ...written()].filter((name) => !name.endsWith('_FILE'))
  t.same(documented().toSorted(), [...new Set(read)].toSorted())
  t.equal(new Set(documented()).size, documented().length, 'each once')
})

t.test('defaults are as documented', async (t) => {
  const { port, logLevel, drainDeadlineMs } = readConfig({})
  const table = { PORT: port, LOG_LEVEL: logLevel, DRAIN_DEADLINE_MS: drainDeadlineMs }
  for (const [name, value] of Object.entries(table))
    t.match(text, new RegExp(`\\| \`${name}\` +\\| \`${value}\``))
})

t.test('node --env-file gives them to the app', async (t) => {
  const directory = t.testdir({ 'my.env': 'PORT=many\n' })
  const args = ['--env-file=my.env', join(root, 'example-app/dist/main.js')]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', env: {} })
  t.match(stderr, 'PORT must be a whole number')
  t.equal(status, 1)
})
