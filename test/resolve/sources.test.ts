import { resolveDatabaseConfig, formatUrl, type ResolveOptions } from 'failsoft'
import t from 'tap'

const url = 'postgres://app:s3cret@db.example.com/app'
const other = 'mysql://app:s3cret@other.example.com/app'

type Env = Record<string, string | undefined>

const taken: {
  name: string
  options: ResolveOptions & { env: Env }
  source: [kind: string, name: string]
}[] = [
  {
    name: 'the option beats the environment',
    options: { url, env: { DATABASE_URL: other } },
    source: ['option', 'url'],
  },
  {
    name: 'a blank option is no option',
    options: { url: ' ', env: { DATABASE_URL: url } },
    source: ['variable', 'DATABASE_URL'],
  },
  { name: 'DATABASE_URL', options: { env: { DATABASE_URL: url } }, source: ['variable', 'DATABASE_URL'] },
  {
    name: 'DATABASE_URL beats POSTGRES_URL',
    options: { env: { POSTGRES_URL: other, DATABASE_URL: url } },
    source: ['variable', 'DATABASE_URL'],
  },
  {
    name: 'a blank DATABASE_URL counts as absent',
    options: { env: { DATABASE_URL: ' \n', POSTGRES_URL: url } },
    source: ['variable', 'POSTGRES_URL'],
  },
  {
    name: 'quotes around nothing count as absent',
    options: { env: { DATABASE_URL: '""', POSTGRES_URL: url } },
    source: ['variable', 'POSTGRES_URL'],
  },
  {
    name: 'POSTGRES_URL beats components',
    options: { env: { POSTGRES_URL: url, PGHOST: 'h' } },
    source: ['variable', 'POSTGRES_URL'],
  },
  {
    name: 'a variant is better than nothing',
    options: { env: { DATABASE_URL_UNPOOLED: url } },
    source: ['variable', 'DATABASE_URL_UNPOOLED'],
  },
  {
    name: 'the program names its variables',
    options: { variables: ['APP_DB', 'APP_DB2'], env: { DATABASE_URL: other, APP_DB2: url } },
    source: ['variable', 'APP_DB2'],
  },
]

for (const { name, options, source } of taken) {
  t.test(name, async (t) => {
    const config = resolveDatabaseConfig(options)
    if (config.kind !== 'primary') return void t.fail(config.explain())
    t.same([config.source.kind, config.source.name], source)
    t.equal(config.target.dialect, 'postgres')
    t.same(config.trace.filter(({ outcome }) => outcome === 'taken').length, 1)
  })
}

const ended: { name: string; env: Env; reason: string; code: string }[] = [
  {
    name: 'a wrong DATABASE_URL is not skipped',
    env: { DATABASE_URL: 'nonsense', POSTGRES_URL: url },
    reason: 'malformed',
    code: 'missing-scheme',
  },
  {
    name: 'an unsupported one is not skipped',
    env: { DATABASE_URL: 'mongodb://h/d', PGHOST: 'h' },
    reason: 'unsupported',
    code: 'unsupported-scheme',
  },
  {
    name: 'a web address',
    env: { DATABASE_URL: 'https://abc.supabase.co' },
    reason: 'unsupported',
    code: 'http-url',
  },
  {
    name: 'a variable that was not expanded',
    env: { DATABASE_URL: '${DATABASE_URL}' },
    reason: 'malformed',
    code: 'unexpanded-variable',
  },
  {
    name: 'a variable and its file twin',
    env: { DATABASE_URL: url, DATABASE_URL_FILE: '/x' },
    reason: 'malformed',
    code: 'secret-file',
  },
  { name: 'nothing', env: {}, reason: 'missing', code: 'missing' },
  { name: 'only a blank one', env: { DATABASE_URL: ' ' }, reason: 'empty', code: 'empty' },
  { name: 'only a blank well-known name', env: { POSTGRES_URL: '' }, reason: 'empty', code: 'empty' },
  { name: 'only a blank file twin', env: { DATABASE_URL_FILE: ' ' }, reason: 'empty', code: 'empty' },
  { name: 'only a blank host', env: { PGHOST: '' }, reason: 'empty', code: 'empty' },
  {
    name: 'components without a host',
    env: { PGUSER: 'app', PGPASSWORD: 's3cret' },
    reason: 'missing',
    code: 'missing',
  },
  {
    name: 'a variable that is set to undefined',
    env: { DATABASE_URL: undefined },
    reason: 'missing',
    code: 'missing',
  },
]

for (const { name, env, reason, code } of ended) {
  t.test(`search ends: ${name}`, async (t) => {
    const config = resolveDatabaseConfig({ env, strategy: 'never' })
    if (config.kind !== 'unresolved') return void t.fail(config.explain())
    t.equal(config.reason, reason)
    t.equal(config.problem.code, code)
    t.notMatch(JSON.stringify(config) + config.explain(), 's3cret')
  })
}

t.test('a file twin stands in for its variable where that is blank', async (t) => {
  const directory = t.testdir({ secret: `${url}\n` })
  const env = { DATABASE_URL: '', DATABASE_URL_FILE: `${directory}/secret` }
  const config = resolveDatabaseConfig({ env })
  t.match(config, { kind: 'primary', source: { kind: 'file', name: 'DATABASE_URL_FILE' }, warnings: [] })
})

t.test('a value that is no string is a problem, not an exception', async (t) => {
  for (const value of [1, true, {}, [], Symbol('s'), () => 's3cret']) {
    const env = { DATABASE_URL: value } as unknown as Env
    t.match(resolveDatabaseConfig({ env, strategy: 'never' }), {
      kind: 'unresolved',
      problem: { code: 'not-a-string' },
    })
  }
})

t.test('with no variables to search, the message still has a subject', async (t) => {
  const config = resolveDatabaseConfig({ env: { DATABASE_URL: url }, variables: [], strategy: 'never' })
  t.match(config, { kind: 'unresolved', problem: { message: 'The database URL is not set.' } })
})

t.test('the environment of the process is the default', async (t) => {
  const before = process.env['DATABASE_URL']
  process.env['DATABASE_URL'] = url
  t.teardown(() =>
    before === undefined ? delete process.env['DATABASE_URL'] : (process.env['DATABASE_URL'] = before),
  )
  const config = resolveDatabaseConfig()
  t.equal(config.kind === 'primary' && formatUrl(config.target), 'postgres://app:***@db.example.com:5432/app')
})

t.test('a file twin that is named is looked at in its own turn, and once', async (t) => {
  const variables = ['DATABASE_URL', 'OTHER_URL', 'DATABASE_URL_FILE']
  const { trace } = resolveDatabaseConfig({ env: {}, variables, strategy: 'never' })
  t.same(
    trace.map(({ subject }) => subject),
    ['DATABASE_URL', 'OTHER_URL', 'OTHER_URL_FILE', 'DATABASE_URL_FILE'],
  )
})
