import { resolveDatabaseConfig, type ResolveOptions } from 'failsoft'
import t from 'tap'

const wrong: { options: unknown; message: string }[] = [
  { options: null, message: 'options must be an object, got null' },
  { options: 'postgres://u:s3cret@h/d', message: 'options must be an object, got a string' },
  { options: { env: 1 }, message: 'options.env must be an object, got a number' },
  { options: { env: ['DATABASE_URL=s3cret'] }, message: 'options.env must be an object, got an array' },
  { options: { url: null }, message: 'options.url must be a string, got null' },
  {
    options: { url: new URL('postgres://u:s3cret@h/d') },
    message: 'options.url must be a string, got an object',
  },
  {
    options: { variables: 'DATABASE_URL' },
    message: 'options.variables must be an array of strings, got a string',
  },
  { options: { variables: [1] }, message: 'options.variables must be an array of strings, got an array' },
  {
    options: { strategy: 'sometimes' },
    message:
      'options.strategy must be one of always, unconfigured, never, or a record by reason, got a string',
  },
  {
    options: { strategy: true },
    message:
      'options.strategy must be one of always, unconfigured, never, or a record by reason, got a boolean',
  },
  {
    options: { strategy: { auth: true } },
    message: 'options.strategy.auth must be one of fallback, wait, got a boolean',
  },
  {
    options: { strategy: { authentication: 'wait' } },
    message:
      'options.strategy.authentication does not exist: there are missing, empty, malformed, unsupported, driver, unreachable, auth, database-missing, tls, read-only',
  },
  { options: { sqlite: 'x.db' }, message: 'options.sqlite must be an object, got a string' },
  { options: { sqlite: { filename: 1 } }, message: 'options.sqlite.filename must be a string, got a number' },
  {
    options: { sqlite: { directories: '/data' } },
    message: 'options.sqlite.directories must be an array of strings, got a string',
  },
  {
    options: { sqlite: { driver: 'libsql' } },
    message: 'options.sqlite.driver does not exist: there are filename, directories',
  },
  { options: { strategi: 'never' }, message: 'options.strategi does not exist: was strategy meant?' },
  { options: { Strategy: 'never' }, message: 'options.Strategy does not exist: was strategy meant?' },
  { options: { evn: {} }, message: 'options.evn does not exist: was env meant?' },
  { options: { urll: 's3cret' }, message: 'options.urll does not exist: was url meant?' },
  {
    options: { sqlite: { filname: 'x.db' } },
    message: 'options.sqlite.filname does not exist: was filename meant?',
  },
  {
    options: { connection: 's3cret' },
    message: 'options.connection does not exist: there are env, url, variables, strategy, sqlite, cwd',
  },
  { options: { cwd: 1 }, message: 'options.cwd must be a string, got a number' },
]
for (const { options, message } of wrong) {
  t.throws(() => resolveDatabaseConfig(options as ResolveOptions), { name: 'TypeError', message }, message)
}

t.test('options that are undefined count as left out', async (t) => {
  const options = {
    url: undefined,
    variables: undefined,
    strategy: undefined,
    sqlite: undefined,
    cwd: undefined,
  }
  t.doesNotThrow(() => resolveDatabaseConfig({ env: {}, ...options } as unknown as ResolveOptions))
})

t.test('an environment without a prototype', async (t) => {
  const env = Object.assign(Object.create(null) as Record<string, string>, {
    DATABASE_URL: 'sqlite::memory:',
  })
  t.match(resolveDatabaseConfig({ env }), { kind: 'primary' })
})
