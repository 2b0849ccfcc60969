import { formatUrl, resolveDatabaseConfig } from 'failsoft'
import t from 'tap'

type Env = Record<string, string>

const good: { name: string; env: Env; from: string; want: string }[] = [
  { name: 'host alone', env: { PGHOST: 'h' }, from: 'PGHOST', want: 'postgres://h:5432' },
  {
    name: 'all parts',
    env: { PGHOST: 'h', PGPORT: '5433', PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'd', PGSSLMODE: 'require' },
    from: 'PGHOST',
    want: 'postgres://u:p@h:5433/d?sslmode=require',
  },
  {
    name: 'a password of special characters',
    env: { PGHOST: 'h', PGUSER: 'u@x', PGPASSWORD: 'p @:/?#%&[]', PGDATABASE: 'a/b' },
    from: 'PGHOST',
    want: 'postgres://u%40x:p%20%40%3A%2F%3F%23%25%26%5B%5D@h:5432/a%2Fb',
  },
  {
    name: 'a socket',
    env: { PGHOST: '/var/run/postgresql', PGUSER: 'u', PGDATABASE: 'd' },
    from: 'PGHOST',
    want: 'postgres://u@%2Fvar%2Frun%2Fpostgresql/d',
  },
  {
    name: 'an IPv6 address',
    env: { PGHOST: '2001:db8::1', PGUSER: 'u' },
    from: 'PGHOST',
    want: 'postgres://u@[2001:db8::1]:5432',
  },
  {
    name: 'an IPv6 address in brackets',
    env: { PGHOST: '[::1]', PGUSER: 'u' },
    from: 'PGHOST',
    want: 'postgres://u@[::1]:5432',
  },
  {
    name: 'lists of hosts and ports',
    env: { PGHOST: 'a,b', PGPORT: '1,2', PGUSER: 'u' },
    from: 'PGHOST',
    want: 'postgres://u@a:1,b:2',
  },
  {
    name: 'a list of hosts with one port',
    env: { PGHOST: 'a, b', PGPORT: '1', PGUSER: 'u' },
    from: 'PGHOST',
    want: 'postgres://u@a:1,b:1',
  },
  {
    name: 'host and port in one',
    env: { DB_HOST: 'h:5433', DB_CLIENT: 'pg', DB_USER: 'u' },
    from: 'DB_HOST',
    want: 'postgres://u@h:5433',
  },
  {
    name: 'a service link of Kubernetes',
    env: { POSTGRES_HOST: 'h', POSTGRES_PORT: 'tcp://10.0.0.7:5439', POSTGRES_USER: 'u', POSTGRES_DB: 'd' },
    from: 'POSTGRES_HOST',
    want: 'postgres://u@h:5439/d',
  },
  {
    name: 'MySQL',
    env: { MYSQL_HOST: 'h', MYSQL_USER: 'u', MYSQL_PASSWORD: 'p', MYSQL_DATABASE: 'd' },
    from: 'MYSQL_HOST',
    want: 'mysql://u:p@h:3306/d',
  },
  {
    name: 'a socket of MySQL, as Laravel names it',
    env: {
      DB_CONNECTION: 'mysql',
      DB_HOST: 'localhost',
      DB_SOCKET: '/run/mysqld/mysqld.sock',
      DB_USERNAME: 'u',
    },
    from: 'DB_HOST',
    want: 'mysql://u@localhost:3306/?socket=%2Frun%2Fmysqld%2Fmysqld.sock',
  },
  {
    name: 'MySQL of Railway',
    env: { MYSQLHOST: 'h', MYSQLPORT: '1', MYSQLUSER: 'u', MYSQLDATABASE: 'd' },
    from: 'MYSQLHOST',
    want: 'mysql://u@h:1/d',
  },
  {
    name: 'the kind in DB_CONNECTION',
    env: { DB_CONNECTION: 'pgsql', DB_HOST: 'h', DB_USERNAME: 'u', DB_DATABASE: 'd' },
    from: 'DB_HOST',
    want: 'postgres://u@h:5432/d',
  },
  {
    name: 'the kind in DB_CLIENT',
    env: { DB_CLIENT: 'MySQL2 ', DB_HOST: 'h', DB_USER: 'u', DB_NAME: 'd' },
    from: 'DB_HOST',
    want: 'mysql://u@h:3306/d',
  },
  {
    name: 'the kind by its port',
    env: { DB_HOST: 'h', DB_PORT: '26257', DB_USER: 'u', DB_NAME: 'd' },
    from: 'DB_HOST',
    want: 'cockroachdb://u@h:26257/d',
  },
  {
    name: 'SQLite by DB_CONNECTION',
    env: { DB_CONNECTION: 'sqlite', DB_HOST: '127.0.0.1', DB_DATABASE: '/srv/a b?.db' },
    from: 'DB_HOST',
    want: 'sqlite:/srv/a%20b%3F.db',
  },
  {
    name: 'the first family that names a host',
    env: { PGUSER: 'u', MYSQL_HOST: 'm', MYSQL_USER: 'u', DB_HOST: 'h' },
    from: 'MYSQL_HOST',
    want: 'mysql://u@m:3306',
  },
  {
    name: 'a password without a user',
    env: { PGHOST: 'h', PGPASSWORD: 'p' },
    from: 'PGHOST',
    want: 'postgres://:p@h:5432',
  },
  {
    name: 'half of a surrogate pair',
    env: { PGHOST: 'h', PGUSER: 'u', PGPASSWORD: 'a\ud800b' },
    from: 'PGHOST',
    want: 'postgres://u:a%EF%BF%BDb@h:5432',
  },
  {
    name: 'blank parts are absent',
    env: { PGHOST: 'h', PGPORT: '', PGUSER: 'u', PGPASSWORD: '', PGDATABASE: ' ' },
    from: 'PGHOST',
    want: 'postgres://u@h:5432',
  },
]

for (const { name, env, from, want } of good) {
  t.test(name, async (t) => {
    const config = resolveDatabaseConfig({ env, strategy: 'never' })
    if (config.kind !== 'primary') return void t.fail(config.explain())
    t.same(config.source, { kind: 'components', name: from })
    t.equal(formatUrl(config.target, { reveal: true }).replace(/\/$/, ''), want)
  })
}

const bad: { name: string; env: Env; code: string; message: RegExp }[] = [
  {
    name: 'a whole URL as the host',
    env: { PGHOST: 'postgres://u:s3cret@h/d' },
    code: 'invalid-host',
    message: /^PGHOST has a host that cannot be one: it looks like a whole URL/,
  },
  {
    name: 'a password in the host',
    env: { DB_HOST: 'u:s3cret@h', DB_CLIENT: 'pg' },
    code: 'invalid-host',
    message: /^DB_HOST/,
  },
  {
    name: 'a port that is none',
    env: { PGHOST: 'h', PGPORT: 's3cret' },
    code: 'invalid-port',
    message: /^The address in PGHOST, PGPORT has a port/,
  },
  {
    name: 'an unknown kind',
    env: { DB_HOST: 'h', DB_CONNECTION: 'oracle' },
    code: 'unsupported-scheme',
    message: /^The address in DB_HOST has the scheme "oracle"/,
  },
  {
    name: 'a kind that every object has',
    env: { DB_HOST: 'h', DB_CONNECTION: 'constructor' },
    code: 'unsupported-scheme',
    message: /"constructor"/,
  },
  {
    name: 'no kind',
    env: { DB_HOST: 'h' },
    code: 'missing-scheme',
    message: /^The address in DB_HOST has no scheme/,
  },
  {
    name: 'SQLite without a file',
    env: { DB_HOST: 'h', DB_CONNECTION: 'sqlite' },
    code: 'missing-database',
    message: /^DB_CONNECTION or DB_CLIENT names no database/,
  },
  {
    name: 'a password that was not expanded',
    env: { PGHOST: 'h', PGPASSWORD: '${DB_PASSWORD}' },
    code: 'unexpanded-variable',
    message: /^PGPASSWORD holds the name/,
  },
  {
    name: 'a host that was not expanded',
    env: { PGHOST: '$DB_HOST' },
    code: 'unexpanded-variable',
    message: /^PGHOST/,
  },
  {
    name: 'the word undefined',
    env: { PGHOST: 'undefined' },
    code: 'undefined-text',
    message: /"undefined"/,
  },
  {
    name: 'a part and its file twin',
    env: { PGHOST: 'h', PGPASSWORD: 's3cret', PGPASSWORD_FILE: '/x' },
    code: 'secret-file',
    message: /^PGPASSWORD and PGPASSWORD_FILE are both set/,
  },
  {
    name: 'a file twin that is missing',
    env: { PGHOST: 'h', PGPASSWORD_FILE: '/run/nothing/here' },
    code: 'secret-file',
    message: /^PGPASSWORD_FILE names a file \(\/run\/nothing\/here\) that does not exist/,
  },
  {
    name: 'a password instead of its file',
    env: { PGHOST: 'h', PGPASSWORD_FILE: 's3cret' },
    code: 'secret-file',
    message: /^PGPASSWORD_FILE names a file that does not exist/,
  },
]

for (const { name, env, code, message } of bad) {
  t.test(`refused: ${name}`, async (t) => {
    const config = resolveDatabaseConfig({ env, strategy: 'never' })
    t.match(config, { kind: 'unresolved', problem: { code, message } })
    t.notMatch(JSON.stringify(config) + config.explain(), 's3cret')
  })
}

t.test('each part may come from a file', async (t) => {
  const cwd = t.testdir({ host: 'h\n', user: 'u\n', password: 'p w \n' })
  const env = {
    PGHOST_FILE: `${cwd}/host`,
    PGUSER_FILE: 'user',
    PGPASSWORD_FILE: 'password',
    PGDATABASE: 'd',
  }
  const config = resolveDatabaseConfig({ env, cwd })
  if (config.kind !== 'primary') return void t.fail(config.explain())
  t.same(config.source, { kind: 'components', name: 'PGHOST_FILE' })
  t.equal(formatUrl(config.target, { reveal: true }), 'postgres://u:p%20w@h:5432/d')
})

t.test('a part that is no string', async (t) => {
  const env = { PGHOST: 'h', PGPORT: 5432 } as unknown as Env
  t.match(resolveDatabaseConfig({ env, strategy: 'never' }), {
    problem: { code: 'not-a-string', message: /^PGPORT is a number/ },
  })
})
