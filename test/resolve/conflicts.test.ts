import { resolveDatabaseConfig } from 'failsoft'
import t from 'tap'

const url = 'postgres://app:s3cret@db.example.com/app'
const supabase = 'postgres://postgres.abcdef:s3cret@aws-0-us-east-1.pooler.supabase.com'
const others = 'postgres://app:s3cret@other.example.com/app'

type Env = Record<string, string>

const cases: { name: string; env: Env; named: string[] }[] = [
  { name: 'the same URL twice', env: { DATABASE_URL: url, POSTGRES_URL: url }, named: [] },
  {
    name: 'the same database in another spelling',
    env: {
      DATABASE_URL: url,
      POSTGRES_URL: 'postgresql://app:s3cret@DB.example.com:5432/app?sslmode=require',
    },
    named: [],
  },
  {
    name: 'equal components beside it',
    env: {
      DATABASE_URL: url,
      PGHOST: 'db.example.com',
      PGUSER: 'app',
      PGPASSWORD: 's3cret',
      PGDATABASE: 'app',
    },
    named: [],
  },
  { name: 'fewer components', env: { DATABASE_URL: url, PGHOST: 'db.example.com' }, named: [] },
  {
    name: 'another port alone, which counts for nothing',
    env: { DATABASE_URL: url, PGPORT: '6543' },
    named: [],
  },
  {
    name: 'pooled and direct',
    env: {
      DATABASE_URL: url,
      DATABASE_URL_UNPOOLED: others,
      POSTGRES_PRISMA_URL: others,
      POSTGRES_URL_NON_POOLING: others,
    },
    named: [],
  },
  { name: 'private and public', env: { DATABASE_URL: url, DATABASE_PUBLIC_URL: others }, named: [] },
  {
    name: 'the pooler of Supabase and the server behind it, as on Vercel',
    env: {
      POSTGRES_URL: `${supabase}:6543/postgres?sslmode=require`,
      POSTGRES_URL_NON_POOLING: `${supabase}:5432/postgres?sslmode=require`,
      POSTGRES_HOST: 'db.abcdef.supabase.co',
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: 's3cret',
      POSTGRES_DATABASE: 'postgres',
    },
    named: [],
  },
  {
    name: 'the pooler of Supabase beside the server, and the server',
    env: {
      DATABASE_URL: 'postgres://postgres@db.abcdef.supabase.co:6543/postgres',
      POSTGRES_URL: 'postgres://postgres@db.abcdef.supabase.co/postgres',
    },
    named: [],
  },
  {
    name: 'two projects of Supabase',
    env: { POSTGRES_URL: `${supabase}:6543/postgres`, POSTGRES_HOST: 'db.other.supabase.co' },
    named: ['POSTGRES_HOST'],
  },
  {
    name: 'the pooler of Supabase without a project, and a server',
    env: { POSTGRES_URL: supabase.replace('.abcdef', ''), POSTGRES_HOST: 'db.abcdef.supabase.co' },
    named: ['POSTGRES_HOST'],
  },
  {
    name: 'two poolers of Supabase without a project',
    env: {
      DATABASE_URL: supabase.replace('.abcdef', ''),
      POSTGRES_URL: supabase.replace('.abcdef', '').replace('us-east', 'eu-west'),
    },
    named: ['POSTGRES_URL'],
  },
  {
    name: 'another user of a project of Supabase',
    env: {
      DATABASE_URL: `${supabase}/postgres`,
      POSTGRES_URL: 'postgres://app@db.abcdef.supabase.co/postgres',
    },
    named: ['POSTGRES_URL'],
  },
  {
    name: 'another user of a server of Supabase',
    env: {
      DATABASE_URL: 'postgres://app@db.abcdef.supabase.co/postgres',
      POSTGRES_URL: 'postgres://admin@db.abcdef.supabase.co/postgres',
    },
    named: ['POSTGRES_URL'],
  },
  { name: 'another host', env: { DATABASE_URL: url, POSTGRES_URL: others }, named: ['POSTGRES_URL'] },
  {
    name: 'another password',
    env: { DATABASE_URL: url, POSTGRES_URL: url.replace('s3cret', 's3cret2') },
    named: ['POSTGRES_URL'],
  },
  {
    name: 'another dialect, and another host',
    env: { DATABASE_URL: url, MYSQL_URL: 'mysql://h/d', PGHOST: 'h' },
    named: ['MYSQL_URL', 'PGHOST'],
  },
  { name: 'a SQLite file', env: { DATABASE_URL: url, POSTGRES_URL: 'sqlite:x.db' }, named: ['POSTGRES_URL'] },
  {
    name: 'nonsense beside it',
    env: { DATABASE_URL: url, POSTGRES_URL: 's3cret nonsense' },
    named: ['POSTGRES_URL'],
  },
  { name: 'components that make no address', env: { DATABASE_URL: url, DB_HOST: 'h' }, named: ['DB_HOST'] },
  { name: 'two families', env: { PGHOST: 'a', PGUSER: 'u', MYSQL_HOST: 'b' }, named: ['MYSQL_HOST'] },
  {
    name: 'components in files, which are not read for this',
    env: { DATABASE_URL: url, PGHOST_FILE: '/nowhere', PGPASSWORD_FILE: '/nowhere' },
    named: [],
  },
  {
    name: 'the same SQLite file',
    env: { DATABASE_URL: 'sqlite:/x.db', POSTGRES_URL: 'sqlite:/x.db' },
    named: [],
  },
  {
    name: 'a server beside a SQLite file',
    env: { DATABASE_URL: 'sqlite:/x.db', POSTGRES_URL: url },
    named: ['POSTGRES_URL'],
  },
]

for (const { name, env, named } of cases) {
  t.test(name, async (t) => {
    const config = resolveDatabaseConfig({ env })
    const conflict = config.warnings.find(({ code }) => code === 'conflicting-variables')
    const first = Object.keys(env)[0]!
    const want = `${first} is used, and not ${named.join(', ')}: they name different databases.`
    t.equal(conflict?.message, named.length > 0 ? want : undefined)
    t.equal(config.kind, 'primary')
    t.notMatch(JSON.stringify(config) + config.explain(), 's3cret')
  })
}

t.test('an explicit option is no conflict', async (t) => {
  const config = resolveDatabaseConfig({ url, env: { DATABASE_URL: others } })
  t.match(config, { kind: 'primary', source: { kind: 'option' }, warnings: [] })
})

t.test('a secret file beside another variable', async (t) => {
  const cwd = t.testdir({ secret: url })
  const config = resolveDatabaseConfig({ cwd, env: { DATABASE_URL_FILE: 'secret', POSTGRES_URL: others } })
  t.match(config.warnings, [
    { code: 'conflicting-variables', message: /^DATABASE_URL_FILE is used, and not POSTGRES_URL/ },
  ])
})

t.test('what was passed over is in the trace', async (t) => {
  const { trace } = resolveDatabaseConfig({
    env: { DATABASE_URL: url, POSTGRES_URL: url, DATABASE_PUBLIC_URL: others, MYSQL_URL: 'mysql://h' },
  })
  t.match(trace.slice(1), [
    { subject: 'POSTGRES_URL', outcome: 'passed-over', why: /the same database/ },
    { subject: 'MYSQL_URL', outcome: 'passed-over', why: /a different database/ },
    { subject: 'DATABASE_PUBLIC_URL', outcome: 'passed-over', why: /another way to it/ },
  ])
})
