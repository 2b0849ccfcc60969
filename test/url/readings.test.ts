import { Secret, validateUrl, type DatabaseTarget } from 'failsoft'
import t from 'tap'

interface Parts {
  readonly dialect: DatabaseTarget['dialect']
  /** `host|port` of each host. */
  readonly hosts?: readonly string[]
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly filename?: string
  readonly params?: Readonly<Record<string, string>>
}

const postgres = { dialect: 'postgres', hosts: ['h|5432'] } as const
const mysql = { dialect: 'mysql', hosts: ['h|3306'] } as const
const nowhere = { dialect: 'postgres', hosts: [] } as const
const sqlite = { dialect: 'sqlite' } as const

/** What the reference implementations read, in every part. */
const readings: readonly { input: string; want: Parts }[] = [
  // libpq: every part may be missing.
  { input: 'postgres://', want: nowhere },
  { input: 'postgres:///', want: nowhere },
  { input: 'postgres:///db', want: { ...nowhere, database: 'db' } },
  { input: 'postgres://@h', want: postgres },
  { input: 'postgres://:p@h', want: { ...postgres, password: 'p' } },
  { input: 'postgres://h?', want: postgres },
  { input: 'postgres://h/?', want: postgres },
  { input: 'postgres://u@', want: { ...nowhere, user: 'u' } },
  { input: 'postgres://?host=/run/pg', want: { ...postgres, hosts: ['/run/pg|5432'] } },
  { input: 'postgres://:1?host=/run/pg', want: { ...postgres, hosts: ['/run/pg|1'] } },
  {
    input: 'postgres://h1?hostaddr=192.0.2.1',
    want: { ...postgres, hosts: ['h1|5432'], params: { hostaddr: '192.0.2.1' } },
  },
  // libpq: percent-encoding in every part, "+" and "#" as they are.
  {
    input: 'postgres://%75:%70@%68:%35433/%64?application%5Fname=%78',
    want: {
      dialect: 'postgres',
      hosts: ['h|5433'],
      user: 'u',
      password: 'p',
      database: 'd',
      params: { application_name: 'x' },
    },
  },
  {
    input: 'postgres://h/?us%65r=u&passw%6Frd=p&dbn%61me=d',
    want: { ...postgres, user: 'u', password: 'p', database: 'd' },
  },
  {
    input: 'postgres://u+x:p+#x@h/d+#?application_name=a+b',
    want: {
      ...postgres,
      user: 'u+x',
      password: 'p+#x',
      database: 'd+#',
      params: { application_name: 'a+b' },
    },
  },
  {
    input: 'postgres://u:%20p%20@h/%20d%25',
    want: { ...postgres, user: 'u', password: ' p ', database: ' d%' },
  },
  { input: 'postgres://h/a/b//c', want: { ...postgres, database: 'a/b//c' } },
  { input: 'postgres:///a@b', want: { ...nowhere, database: 'a@b' } },
  { input: 'postgres://h?options=a?b', want: { ...postgres, params: { options: 'a?b' } } },
  // libpq: the spaces around a part are dropped.
  {
    input: 'postgres:// u :p@ h : 5433 / d ? application_name = x ',
    want: {
      dialect: 'postgres',
      hosts: ['h|5433'],
      user: 'u',
      password: 'p',
      database: 'd',
      params: { application_name: 'x' },
    },
  },
  // libpq: the query beats the authority, and the last of two parameters the first.
  {
    input: 'postgres://a:b@c:1/d?host=h&port=2&user=u&password=p&dbname=e',
    want: { dialect: 'postgres', hosts: ['h|2'], user: 'u', password: 'p', database: 'e' },
  },
  { input: 'postgres://h?keepalives=1&keepalives=0&', want: { ...postgres, params: { keepalives: '0' } } },
  // libpq: host lists.
  {
    input: 'postgres://a,b:1,[::1]:2,%2Frun/d',
    want: { dialect: 'postgres', hosts: ['a|5432', 'b|1', '::1|2', '/run|5432'], database: 'd' },
  },
  { input: 'postgres://a%2Cb:1/d', want: { dialect: 'postgres', hosts: ['a|1', 'b|1'], database: 'd' } },
  { input: 'postgres://a,,b', want: { dialect: 'postgres', hosts: ['a|5432', '|5432', 'b|5432'] } },
  {
    input: 'postgres:///d?host=a,b&port=1,2',
    want: { dialect: 'postgres', hosts: ['a|1', 'b|2'], database: 'd' },
  },
  { input: 'postgres://a,b/d?port=1', want: { dialect: 'postgres', hosts: ['a|1', 'b|1'], database: 'd' } },
  // libpq: keyword strings.
  { input: "host='h'user='u'dbname='d'", want: { ...postgres, user: 'u', database: 'd' } },
  {
    input: "host = h user = '' password = 'it\\'s' dbname = a\\ b",
    want: { ...postgres, password: "it's", database: 'a b' },
  },
  {
    input: "host=h password=x'y\\\\ application_name=a=b",
    want: { ...postgres, password: "x'y\\", params: { application_name: 'a=b' } },
  },
  { input: 'host=h password= dbname=d', want: { ...postgres, password: 'dbname=d' } },
  {
    input: 'host=a,b port=1,2 dbname=d',
    want: { dialect: 'postgres', hosts: ['a|1', 'b|2'], database: 'd' },
  },
  // The schemes of other tools.
  {
    input: 'timescalegis://u:p@[2001:db8::1]:1/d',
    want: { dialect: 'postgres', hosts: ['2001:db8::1|1'], user: 'u', password: 'p', database: 'd' },
  },
  { input: 'pgx://', want: nowhere },
  {
    input: 'cdb://root@h/d',
    want: { dialect: 'cockroachdb', hosts: ['h|26257'], user: 'root', database: 'd' },
  },
  {
    input: 'mysql://u@%2Frun%2Fdb.sock/d',
    want: { dialect: 'mysql', hosts: ['/run/db.sock|3306'], user: 'u', database: 'd' },
  },
  { input: 'postgres://h:65535', want: { dialect: 'postgres', hosts: ['h|65535'] } },
  { input: 'postgres://h:9090', want: { dialect: 'postgres', hosts: ['h|9090'] } },
  { input: 'postgres://a,b?host=c', want: { dialect: 'postgres', hosts: ['c|5432'] } },
  { input: 'postgres://%40pg', want: { dialect: 'postgres', hosts: ['@pg|5432'] } },
  { input: 'postgres://h:0001', want: { dialect: 'postgres', hosts: ['h|1'] } },
  { input: 'percona://u@h', want: { ...mysql, user: 'u' } },
  { input: 'mymy://', want: { dialect: 'mysql', hosts: [] } },
  // mysql2: the query never beats the authority.
  {
    input: 'mysql://u:p@h/d?host=x&port=1&user=x&password=x&database=x',
    want: { ...mysql, user: 'u', password: 'p', database: 'd' },
  },
  {
    input: 'mysql://u%40x:p!%40%24%25%5E%26*()w%3A@h/d%24',
    want: { ...mysql, user: 'u@x', password: 'p!@$%^&*()w:', database: 'd$' },
  },
  {
    input: 'mysql://u:a:b@h:1/d?',
    want: { dialect: 'mysql', hosts: ['h|1'], user: 'u', password: 'a:b', database: 'd' },
  },
  {
    input: 'mysql://u:@[::1]/d?charset',
    want: { dialect: 'mysql', hosts: ['::1|3306'], user: 'u', database: 'd', params: { charset: '' } },
  },
  {
    input: 'mysql://u@fe80%3A%3A1%2518/d',
    want: { dialect: 'mysql', hosts: ['fe80::1%18|3306'], user: 'u', database: 'd' },
  },
  {
    input: 'mysql://h/d?foo=bar&path=%2Fa%2Fb',
    want: { ...mysql, database: 'd', params: { foo: 'bar', path: '/a/b' } },
  },
  {
    input: 'mysql://h/d?flags=["-FOUND_ROWS"]',
    want: { ...mysql, database: 'd', params: { flags: '["-FOUND_ROWS"]' } },
  },
  {
    input: 'mysql://h/d?&charset=utf8&&foo=b',
    want: { ...mysql, database: 'd', params: { charset: 'utf8', foo: 'b' } },
  },
  // SQLite, as SQLAlchemy and Rails.
  {
    input: 'sqlite:x.db?nolock&vfs=a?b',
    want: { ...sqlite, filename: 'x.db', params: { nolock: '', vfs: 'a?b' } },
  },
  { input: 'sqlite://', want: { ...sqlite, filename: ':memory:' } },
  { input: 'sqlite:///', want: { ...sqlite, filename: ':memory:' } },
  { input: 'sqlite3::memory:', want: { ...sqlite, filename: ':memory:' } },
  { input: 'sq://:memory:?loc=auto', want: { ...sqlite, filename: ':memory:', params: { loc: 'auto' } } },
  { input: 'sqlite3:/abs/x.db', want: { ...sqlite, filename: '/abs/x.db' } },
  { input: 'sqlite3:foo?encoding=utf8', want: { ...sqlite, filename: 'foo', params: { encoding: 'utf8' } } },
  { input: 'sqlite:////var/_x@example.com/m.db', want: { ...sqlite, filename: '/var/_x@example.com/m.db' } },
  {
    input: 'sqlite:///E:/data/x.db?a=1&b=2',
    want: { ...sqlite, filename: 'E:/data/x.db', params: { a: '1', b: '2' } },
  },
  { input: 'sqlite://///x.db', want: { ...sqlite, filename: '//x.db' } },
  { input: 'file:./a%20b.db?mode=ro', want: { ...sqlite, filename: './a b.db', params: { mode: 'ro' } } },
]

/** What the reference implementations refuse. */
const refused: readonly string[] = [
  'postgre://',
  'postgres://[::1',
  'postgres://[]',
  'postgres://[::1]z',
  'postgres://h?zzz',
  'postgres://h?a&b',
  'postgres://h?user=a=b',
  'postgres://h?user=a&&',
  'postgres://h?user=a&&port=1',
  'postgres://h?&',
  'postgres://h?dbname=%XX',
  'postgres://a%00b',
  'postgres://h:%00/d?port=1',
  'postgres://h:%zz/d?port=1',
  'postgres://%',
  'postgres://a, b/d',
  'postgres://a:1, b:2/d',
  'postgres://a,b: 1/d',
  'postgres:h',
  "host=h password='x",
  "host=h password='it''s'",
  "host = 'x user=u",
  'host=h dbname',
  'mysql://u:p%@h/d',
  'mysql://u:p@h:x/d',
  'mysql://u:p@h:65536/d',
  'mysql://u:p@[::1/d',
  'unknown-scheme://u:p@h/d',
  'unknown_file.ext3',
  'm',
  'file://',
]

function partsOf(target: DatabaseTarget): Parts {
  const params = Object.entries(target.params).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ])
  const all = params.length > 0 && { params: Object.fromEntries(params) as Record<string, string> }
  if (target.dialect === 'sqlite') return { dialect: 'sqlite', filename: target.filename, ...all }
  const { dialect, hosts, user, password, database } = target
  return {
    dialect,
    hosts: hosts.map(({ host, port }) => `${host}|${port}`),
    ...(user !== undefined && { user }),
    ...(password && { password: password.reveal() }),
    ...(database !== undefined && { database }),
    ...all,
  }
}

for (const strict of [true, false]) {
  void t.test(`the reading of the reference implementations, ${strict ? 'strict' : 'lenient'}`, async (t) => {
    for (const { input, want } of readings) {
      const result = validateUrl(input, { strict })
      t.strictSame(result.valid ? partsOf(result.target) : result.problems, want, input)
    }
  })
}

void t.test('what the reference implementations refuse is never read in silence', async (t) => {
  for (const input of refused) {
    t.notOk(validateUrl(input, { strict: true }).valid, input)
    const lenient = validateUrl(input)
    t.ok(!lenient.valid || lenient.warnings.some(({ code }) => !code.startsWith('missing-')), input)
  }
})
