import { resolveDatabaseConfig } from 'failsoft'
import t from 'tap'

type Env = Record<string, string>

const cases: { name: string; env: Env; want: RegExp }[] = [
  {
    name: "another tool's name",
    env: { DB_URL: 's3cret' },
    want: /DB_URL is set, but its name is not searched: was DATABASE_URL meant\?/,
  },
  {
    name: 'URI',
    env: { DATABASE_URI: 's3cret', POSTGRES_URI: 's3cret' },
    want: /DATABASE_URI, POSTGRES_URI are set/,
  },
  { name: 'a misspelling', env: { DATABSE_URL: 's3cret' }, want: /DATABSE_URL is set/ },
  { name: 'swapped letters', env: { DATABASE_ULR: 's3cret' }, want: /DATABASE_ULR is set/ },
  { name: 'lower case', env: { database_url: 's3cret' }, want: /database_url is set/ },
  { name: 'a prefix', env: { STORAGE_POSTGRES_URL: 's3cret' }, want: /STORAGE_POSTGRES_URL is set/ },
  {
    name: "a platform's own name for an address",
    env: {
      HEROKU_POSTGRESQL_AMBER_URL: 'postgres://u:s3cret@h/d',
      SPRING_DATASOURCE_URL: 'jdbc:mysql://h:3306/d?password=s3cret',
    },
    want: /HEROKU_POSTGRESQL_AMBER_URL, SPRING_DATASOURCE_URL are set/,
  },
  {
    name: 'components without a host',
    env: { PGPASSWORD: 's3cret' },
    want: /PGPASSWORD is set, but counts only together with PGHOST/,
  },
  {
    name: 'many',
    env: { DB_URL: 'x', DB_URI: 'x', DB_DSN: 'x', PG_URL: 'x', PG_URI: 'x', SQL_URL: 'x' },
    want: /DB_DSN, DB_URI, DB_URL, PG_URI, PG_URL, … are set/,
  },
]
for (const { name, env, want } of cases) {
  for (const blank of [{}, { DATABASE_URL: '' }]) {
    const config = resolveDatabaseConfig({ env: { ...env, ...blank }, strategy: 'never' })
    t.match(config.kind !== 'primary' && config.problem.hint, want, name)
    t.notMatch(config.explain(), 's3cret', name)
  }
}

const unrelated: Env[] = [
  {
    API_URL: 'x',
    DATABASE: 'x',
    HOME: '/',
    PATH: '/bin',
    URL: 'x',
    REDIS_URL: 'redis://h',
    ASSETS_URL: 'file:/assets',
  },
  { DB_URL: ' ' },
  { DB_CONN: 'redis://h', DATABASE_URI: 'mongodb://h/d', COUCH_DB_URL: 'http://h:5984' },
  { 'DB_URL\u001b[31m': 'x', [`${'A'.repeat(100)}_DATABASE_URL`]: 'x' },
]
for (const env of unrelated) {
  const config = resolveDatabaseConfig({ env, strategy: 'never' })
  t.notMatch(config.kind !== 'primary' && config.problem.hint, /(?:is|are) set, but/, Object.keys(env).join())
}

t.test('where the program names its variables, the usual one is a look-alike', async (t) => {
  const env = { DATABASE_URL: 's3cret', APP_DATABASE_URI: 's3cret' }
  const config = resolveDatabaseConfig({ env, variables: ['APP_DATABASE_URL'], strategy: 'never' })
  t.match(
    config.kind !== 'primary' && config.problem.hint,
    /APP_DATABASE_URI, DATABASE_URL are set.*was APP_DATABASE_URL meant/,
  )
})
