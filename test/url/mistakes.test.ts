import { formatUrl, validateUrl, type ProblemCode } from 'failsoft'
import t from 'tap'

interface Mistake {
  code: ProblemCode
  inputs: readonly string[]
}

const codesOf = (input: string, strict: boolean): ProblemCode[] => {
  const result = validateUrl(input, { strict })
  return [...(result.valid ? [] : result.problems), ...result.warnings].map(({ code }) => code)
}

/** Mistakes with one reading: a warning, and with `strict` a problem. */
const repaired: readonly Mistake[] = [
  {
    code: 'wrapped-in-quotes',
    inputs: [
      '"postgres://u:p@h/d"',
      "'postgres://u:p@h/d'",
      '`postgres://u:p@h/d`',
      '“postgres://u:p@h/d”',
      '‘postgres://u:p@h/d’',
      '«postgres://u:p@h/d»',
      '<postgres://u:p@h/d>',
      '"postgres://u:p@h/d";',
      '"postgres://u:p@h/d',
      'postgres://u:p@h/d"',
      "'host=h dbname=d user=u'",
      '"sqlite:./x.db"',
    ],
  },
  {
    code: 'surrounding-whitespace',
    inputs: [
      ' postgres://u:p@h/d',
      'postgres://u:p@h/d ',
      'postgres://u:p@h/d\n',
      'postgres://u:p@h/d\r\n',
      '\tmysql://u:p@h/d\t',
      '\uFEFFpostgres://u:p@h/d',
      'postgres://u:p@h/d\u200B',
      '\u00A0postgres://u:p@h/d\u00A0',
      'postgres://u:p@h/d\0',
      'postgres://u:p@h/d;',
      'postgres://u:p@h/d,',
      String.raw`postgres://u:p@h/d\n`,
      String.raw`postgres://u:p@h/d\r\n`,
      'sqlite:./x.db;',
    ],
  },
  {
    code: 'pasted-command',
    inputs: [
      "psql 'postgres://u:p@h/d'",
      'psql "postgresql://u:p@h/d?sslmode=require"',
      'psql postgres://u:p@h/d',
      'psql -d postgres://u:p@h/d',
      'psql --dbname=postgres://u:p@h/d -c "select 1"',
      '$ psql postgres://u:p@h/d',
      'psql "host=h dbname=d user=u"',
      'pgcli postgres://u:p@h/d',
      'pg_dump postgres://u:p@h/d > dump.sql',
      'mycli mysql://u:p@h/d',
      'mysqlsh "mysql://u:p@h/d"',
      'heroku config:set DATABASE_URL=postgres://u:p@h/d',
      "heroku config:set DATABASE_URL='postgres://u:p@h/d' -a app",
      'docker run -e DATABASE_URL=postgres://u:p@h/d image',
      'docker run -e "DATABASE_URL=postgres://u:p@h/d" -p 80:80 image',
      'fly secrets set DATABASE_URL=postgres://u:p@h/d',
      'sudo -u postgres psql postgres://u:p@h/d',
      'sudo psql postgres://u:p@h/d',
      'PGPASSWORD=x psql postgres://u:p@h/d',
      'docker run -e SITE_URL=https://example.com -e DATABASE_URL=postgres://u:p@h/d image',
    ],
  },
  {
    code: 'pasted-assignment',
    inputs: [
      'DATABASE_URL=postgres://u:p@h/d',
      'export DATABASE_URL=postgres://u:p@h/d',
      'export DATABASE_URL="postgres://u:p@h/d"',
      'set DATABASE_URL=postgres://u:p@h/d',
      '$env:DATABASE_URL="postgres://u:p@h/d"',
      'DATABASE_URL: postgres://u:p@h/d',
      'DATABASE_URL: "postgres://u:p@h/d"',
      'DATABASE_URL = postgres://u:p@h/d',
      'ENV DATABASE_URL postgres=1'.replace(' postgres=1', '=mysql://u:p@h/d'),
      '- DATABASE_URL=postgres://u:p@h/d',
      '-e DATABASE_URL=postgres://u:p@h/d',
      '"DATABASE_URL": "postgres://u:p@h/d",',
      '{"DATABASE_URL":"postgres://u:p@h/d"}',
      '{ "DATABASE_URL": "postgres://u:p@h/d" }',
      'const url = "postgres://u:p@h/d";',
      "process.env.DATABASE_URL = 'postgres://u:p@h/d'",
      'DATABASE_URL => postgres://u:p@h/d',
      'DATABASE_URL := postgres://u:p@h/d',
      'DATABASE_URL=postgres://u:p@h/d npm start',
      'DATABASE_URL="postgres://u:p@h/d" npm start',
      'DATABASE_URL="postgres://u:p@h/d" # main',
      'export DATABASE_URL=postgres://u:p@h/d;',
      'export DATABASE_URL=postgres://u:p@h/d && npm start',
      'DATABASE_URL=postgres://u:p@h/d POSTGRES_USER=u',
      'url: sqlite:./x.db',
      'url:sqlite:./x.db',
      'DATABASE_URL=host=h dbname=d user=u',
    ],
  },
  {
    code: 'jdbc-url',
    inputs: [
      'jdbc:postgresql://h:5432/d?user=u&password=p',
      'jdbc:mysql://h:3306/d?user=u&password=p',
      'jdbc:mysql:loadbalance://h1,h2/d?user=u',
      'jdbc:mariadb:sequential://h1,h2/d?user=u',
      'jdbc:aws-wrapper:postgresql://h/d?user=u',
      'jdbc:postgresql:d',
      'jdbc:sqlite:x.db',
      'JDBC:mysql://h/d?user=u',
    ],
  },
  {
    code: 'misspelled-scheme',
    inputs: ['POSTGRES://u:p@h/d', 'PostgreSQL://u:p@h/d', 'MySQL://u:p@h/d', 'SQLite:x.db'],
  },
  {
    code: 'unescaped-character',
    inputs: [
      'postgres://u:p@ss@h/d',
      'postgres://u:pa/ss@h:5432/d',
      'postgres://u:pa/s@s@h:5432/d',
      'postgres://u:p ss@h/d',
      'postgres://u@corp.com:p@h/d',
      'mysql://u:p@ss@h/d',
      'mysql://u:p#ss@h/d',
      'mysql://u:p?ss@h:3306/d',
      'mysql://u:pa/ss@h/d',
      'mysql://u:p ss@h/d',
      'postgres://u:g#4624$@F$#v`@localhost:5432/db',
      'postgres://h/d?options=-c geqo=off',
      'postgres://u:p@%2Ftmp%2Fa b,h2/d',
    ],
  },
  {
    code: 'bad-percent-encoding',
    inputs: [
      'postgres://u:pa%ss@h/d',
      'mysql://u:pa%ss@h/d',
      'postgres://u:100%@h/d',
      'postgres://u%s:p@h/d',
    ],
  },
]

/** Mistakes without a reading, or with more than one: a problem always. */
const refused: readonly Mistake[] = [
  {
    code: 'empty',
    inputs: ['', ' ', '\n', '\t \r\n', '\uFEFF', '""', "''", '" "', 'DATABASE_URL="" npm start'],
  },
  {
    code: 'unsupported-scheme',
    inputs: [
      'mongodb+srv://u:p@c.mongodb.net/db',
      'redis://h:6379',
      'rediss://h:6379',
      'mssql://u:p@h/d',
      'sqlserver://u:p@h/d',
      'oracle://u:p@h/d',
      'libsql://x.turso.io',
      'prisma+postgres://accelerate.prisma-data.net/?api_key=x',
      'redshift://u:p@h/d',
      'jdbc:oracle:thin:@//h:1521/d',
      'jdbc:sqlserver://h;user=u',
      'fml://u:p@h/d',
      '"dburl://u:p@h/d"',
      'mys://u:p@h/d',
      'postmen://u:p@h/d',
      'opses://u:p@h/d',
      'pslql://u:p@h/d',
    ],
  },
  {
    code: 'pasted-command',
    inputs: ['psql -h h -U u', 'psql foo=1', 'psql postgres://u:p@a/d postgres://u:p@b/d'],
  },
  {
    code: 'misspelled-scheme',
    inputs: [
      'postgre://u:p@h/d',
      'postgress://u:p@h/d',
      'postgressql://u:p@h/d',
      'posgresql://u:p@h/d',
      'postgesql://u:p@h/d',
      'psql://u:p@h/d',
      'mysq://u:p@h/d',
      'mysqll://u:p@h/d',
      'mmysql://u:p@h/d',
      'mariab://u:p@h/d',
      'mriab://u:p@h/d',
      'nariodb://u:p@h/d',
      'sqllite:x.db',
      'sqliteee:x.db',
      'sqlit3://x.db',
      'cockroachd://u:p@h/d',
      'psotgres://u:p@h/d',
      'postgers:u:p@h/d',
      'posgre://u:p@h/d',
      'myslq://u:p@h/d',
      'psotgre://u:p@h/d',
      'maraidbb://u:p@h/d',
      'pq://u:p@h/d',
    ],
  },
  {
    code: 'missing-scheme',
    inputs: [
      'user:pw@host:5432/db',
      'localhost:5432/db',
      'db.example.com',
      'mysqld',
      '//u:p@h/d',
      '://u:p@h/d',
      'postgres//u:p@h/d',
      './x.db',
      '/data/app.db',
      'C:\\data\\app.db',
      'app.sqlite3',
      'Server=h;Database=d;User Id=u;Password=p;',
      'postgres%3A%2F%2Fu%3Ap%40h%2Fd',
      'DATABASE=d',
    ],
  },
  {
    code: 'missing-slashes',
    inputs: [
      'mysql:/u:p@h/d',
      'postgres:u:p@h/d',
      'postgresql:/u:p@h/d',
      'pg:',
      'tidb:/var/run/mysqld/mysqld.sock',
      'POSTGRES:d',
      'MySQL:failover://u@h/d',
    ],
  },
  {
    code: 'http-url',
    inputs: ['https://abc.supabase.co', 'http://localhost:5432', 'HTTPS://h/d', 'wss://h'],
  },
  {
    code: 'unexpanded-variable',
    inputs: [
      '${DATABASE_URL}',
      '$DATABASE_URL',
      '%DATABASE_URL%',
      '{{ DATABASE_URL }}',
      '{{DATABASE_URL}}',
      '${{Postgres.DATABASE_URL}}',
      '${{ secrets.DATABASE_URL }}',
      '$(DATABASE_URL)',
      '<%= ENV["DATABASE_URL"] %>',
      'process.env.DATABASE_URL',
      '"${DATABASE_URL}"',
      'DATABASE_URL=${DATABASE_URL}',
      'postgres://u:${DB_PASSWORD}@h/d',
      'postgres://$USER:p@h/d',
      'postgres://u:p@${DB_HOST}:5432/d',
      'postgres://u:p@h:${DB_PORT}/d',
      'postgres://u:p@db-${REGION}.example.com/d',
      'postgres://$user:p@h/d',
      'mysql://u:p@h/%DB_NAME%',
      'mysql://u:{{ password }}@h/d',
      'postgres://${DB_USER:-app}:p@h/d',
      'postgres://u:${DB_PASSWORD:-p}@h/d',
      'postgres://u:p@h:${DB_PORT:-5432}/d',
      'postgres://%DB_USER%:%DB_PASSWORD%@%DB_HOST%:%DB_PORT%/%DB_NAME%',
      'sqlite:${DB_FILE}',
    ],
  },
  {
    code: 'undefined-text',
    inputs: [
      'undefined',
      'null',
      'NaN',
      'None',
      '[object Object]',
      '[object Promise]',
      '"undefined"',
      'DATABASE_URL=undefined',
      'postgres://undefined:undefined@undefined:undefined/undefined',
      'postgres://u:undefined@h/d',
      'postgres://u:p@undefined/d',
      'postgres://u:p@db.undefined.supabase.co/d',
      'postgres://u:p@h:NaN/d',
      'postgres://undefined:s@h/d',
      'postgres://app:undefined@h/d',
      'postgres://app:s@undefined/d',
      'postgres://app:s@h:NaN/d',
      'postgres://app:s@h/null',
      'postgres://u:p@a,undefined/d',
      'postgres://u:p@a:1,b:NaN/d',
      'mysql://u:p@h/null',
      'sqlite:undefined',
      'sqlite:///undefined',
    ],
  },
  {
    code: 'placeholder',
    inputs: [
      'postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres',
      'postgresql://postgres:<password>@h/d',
      'postgresql://<user>:<password>@<host>:<port>/<database>',
      'postgresql://postgres.[PROJECT-REF]:p@aws-0-eu.pooler.supabase.com/d',
      'postgresql://u:p@aws-0-[REGION].pooler.supabase.com/d',
      'postgres://u:p@[HOST]/d',
      'postgres://u:p@[X]/d',
      'postgres://app:s@h<a>/d',
      'postgres://USER:PASSWORD@HOST:5432/DATABASE',
      'mysql://{user}:{password}@{host}/{database}',
      'postgres://u:your_password@h/d',
      'postgres://u:YOUR-PASSWORD@h/d',
      'postgres://u:changeme@h/d',
      'postgres://u:xxxxxx@h/d',
      'postgres://u:********@h/d',
      'postgres://u:***@h/d',
      'postgres://u:p@your-host/d',
      'your_database_url_here',
      '<your database url>',
      '[DATABASE_URL]',
      'xxx',
      '...',
    ],
  },
  {
    code: 'unescaped-character',
    inputs: [
      'postgres://u:12/ss@h/d',
      'postgres://h:5432/d@x',
      'postgres://u:p@ss/wo@h/d',
      'mysql://u:33#ss@h/d',
      'mysql://u:p@h/d#x',
      'mysql://u:p@h/d?charset=utf8#x',
      'postgres://h?application_name=a@b',
      'mysql://h?application_name=a@b',
      'mysql://?x@h/d',
      'postgres://?x@h/d',
      'postgres://u:p@h?a@b',
      'postgres://h/a:b@c',
      'mysql://@h/a@b/c',
      'mysql://@@a/x@b/d',
      'postgres://u:p@!@/x@h/d',
      'mysql://u:p@h#x',
    ],
  },
  {
    code: 'bad-percent-encoding',
    inputs: [
      'postgres://%zz',
      'postgres://h/%',
      'postgres://u:%41%zz@h/d',
      'postgres://u:%ff@h/d',
      'postgres://h/d?application_name=%XX',
      'sqlite:%zz.db',
      'mysql://h/d?%APP%=1',
    ],
  },
  {
    code: 'control-character',
    inputs: [
      'postgres://u:p@h/d\nx',
      'postgres://u:p@h\r\n/d',
      'postgres://u\u200B:p@h/d',
      'postgres://u:p\u00A0@h/d',
      'postgres://u:p@h/d%00',
      'postgres://u:\uD800@h/d',
      'sqlite:x\0.db',
      '\uFFFEpostgres://u:p@h/d',
    ],
  },
  { code: 'too-long', inputs: [`postgres://u:p@h/${'y'.repeat(65_520)}`] },
  {
    code: 'invalid-port',
    inputs: [
      'postgres://u:p@h:54a2/d',
      'postgres://u:p@h:0/d',
      'postgres://u:p@h:65536/d',
      'postgres://u:p@h:99999/d',
      'postgres://u:p@h:5432:5432/d',
      'postgres://u:p@h:1:2/d',
      'postgres://u:p@h:PASSWORD/d',
      'postgres://u:p@[::1]:5]/d',
      'mysql://u:password:203.0.113.7:3306/d',
      'postgres://a:1,b:2/d?host=c',
      'postgres://a,b,c/d?port=1,2',
      'host=h port=x user=u dbname=d',
      'mysql://u:p@h:-1/d',
    ],
  },
  {
    code: 'invalid-host',
    inputs: [
      'postgres://u:p@2001:db8::1:5432/d',
      'postgres://u:p@fe80::1%eth0/d',
      'postgres://u:p@h1, h2/d',
      'postgres://u:p@[::1/d',
      'postgres://u:p@[]/d',
      'postgres://u:p@[::1]z/d',
      'postgres://u:p@h!/d',
      'mysql://u:p@tcp(h:3306)/d',
      'postgres://u:p@h%20x/d',
      'mysql://u:p@h x/d',
      'tidb://u@%2Fvar%2Frun%2Fmysqld.sock/d',
      'cockroachdb://u@%2Frun/d',
      'postgres:///d?host=a:5432',
    ],
  },
  {
    code: 'invalid-parameter',
    inputs: [
      'postgres://h/d?sslmode=bogus',
      'postgres://h/d?sslmode={}',
      'mysql://h/d?ssl={',
      'mysql://h/d?ssl=1x',
      'mysql://h/d?useSSL=maybe',
      'mysql://h/d?useSSL=require',
      'mysql://h/d?ssl=2',
      'mysql://h/d?ssl-mode=bogus',
      'postgres://h/d?target_session_attrs=x',
      'postgres://h/d?target_session_attrs=ANY',
      'mysql://h/d?target_session_attrs=ANY',
      'mysql://h/d?connectTimeout=soon',
      'mysql://h/d?=x',
      'postgres://h/d?connect_timeout=soon',
      'postgres://h/d?application_name',
      'postgres://h/d?=x',
      'postgres://h/d?&',
      'sqlite:x.db?mode=x',
      "host=h password='it''s'",
      'host=h dbname',
      "host=h password='x",
    ],
  },
  {
    code: 'sqlite-host',
    inputs: ['sqlite://data.db', 'sqlite://./data.db', 'sqlite3://u:p@h/d', 'file://x.db'],
  },
  { code: 'missing-database', inputs: ['sqlite:?mode=memory', 'file:', 'file:?mode=memory'] },
  {
    code: 'several-urls',
    inputs: [
      'postgres://u:p@a/d,postgres://u:p@b/d',
      'postgres://u:p@a/d postgres://u:p@b/d',
      'postgres://u:p@a/d;mysql://u:p@b/d',
      'postgres://u:p@a/d\nmysql://u:p@b/d',
      'postgres://postgres://u:p@h/d',
    ],
  },
]

/** What is legal, but incomplete or odd: a warning always. */
const noted: readonly Mistake[] = [
  {
    code: 'driver-suffix',
    inputs: [
      'postgresql+asyncpg://u:p@h/d',
      'mysql+pymysql://u:p@h/d',
      'sqlite+aiosqlite:///x.db',
      'postgres+unix://u:p@h/d',
    ],
  },
  {
    code: 'missing-host',
    inputs: ['postgres://u:p@/d', 'postgres:///d', 'mysql://u@:3306/d', 'dbname=d user=u'],
  },
  { code: 'missing-user', inputs: ['postgres://h/d', 'mysql://:p@h/d', 'host=h dbname=d'] },
  { code: 'missing-database', inputs: ['postgres://u:p@h', 'mysql://u:p@h/', 'host=h user=u'] },
  {
    code: 'unknown-parameter',
    inputs: [
      'postgres://u:p@h/d?aplication_name=x',
      'mysql://u:p@h/d?user=evil',
      'mysql://u:p@h/d?__proto__=x',
      'postgres://u:p@h/d?constructor=x',
      'sqlite:x.db?charset=utf8',
    ],
  },
  {
    code: 'double-encoded',
    inputs: ['postgres://u:p%2540ss@h/d', 'mysql://u%2540x:p@h/d', 'postgres://u:p@h/a%252Fb'],
  },
  {
    code: 'tls-parameter',
    inputs: [
      'postgres://u:p@h/d?ssl=true',
      'postgres://u:p@h/d?ssl=false',
      'postgres://u:p@h/d?sslmode=no-verify',
      'mysql://u:p@h/d?ssl-mode=REQUIRED',
      'mysql://u:p@h/d?ssl-mode=require',
      'mysql://u:p@h/d?sslaccept=strict',
      'mysql://u:p@h/d?useSSL=true',
      'mysql://u:p@h/d?ssl={"rejectUnauthorized":true}',
      'mysql://u:p@h/d?ssl-ca=/ca.pem',
    ],
  },
  { code: 'sqlite-slashes', inputs: ['sqlite:///data/app.db', 'sqlite:///x.db', 'file:///data/app.db'] },
]

void t.test('a mistake with one reading is repaired with a warning, and refused with strict', async (t) => {
  for (const { code, inputs } of repaired) {
    for (const input of inputs) {
      const lenient = validateUrl(input)
      t.ok(lenient.valid, `${code}: ${input}`, { lenient })
      t.ok(
        lenient.warnings.some((warning) => warning.code === code),
        `${code}: ${input}`,
        { lenient },
      )
      const strict = validateUrl(input, { strict: true })
      t.ok(!strict.valid && strict.problems.some((problem) => problem.code === code), `${code}: ${input}`, {
        strict,
      })
    }
  }
})

void t.test('a mistake without exactly one reading is refused', async (t) => {
  for (const { code, inputs } of refused) {
    for (const input of inputs) {
      for (const strict of [false, true]) {
        const result = validateUrl(input, { strict })
        t.ok(
          !result.valid && result.problems.some((problem) => problem.code === code),
          `${code}: ${input}`.slice(0, 90),
          {
            result,
          },
        )
      }
    }
  }
})

void t.test('what is legal but odd is read with a warning', async (t) => {
  for (const { code, inputs } of noted) {
    for (const input of inputs) {
      for (const strict of [false, true]) {
        const result = validateUrl(input, { strict })
        t.ok(result.valid && result.warnings.some((warning) => warning.code === code), `${code}: ${input}`, {
          result,
        })
      }
    }
  }
})

const fine = [
  'postgres://u:p$XYZ@h/d',
  'postgres://u:p#?:[]<>x@h/d',
  'postgres://u:None@h/d',
  'postgres://u:p@HOST/d',
  'postgres://u:p@h/d?sslmode=verify-full&sslrootcert=%2Fca.pem',
  'postgres://user:password@host:1234/database',
  'postgres://u:p@h/DB',
  'postgres://h/a@b',
  'postgres://u:p@h/a@b',
  'postgres://h/[a:b]@c',
  'postgres://h/d?application_name=a@b',
  'postgres://h:1/d?application_name=a@b',
  'postgres://u@?application_name=a@b',
  'postgres://@h?application_name=a@b',
  'postgres://u:$ecret@h/d',
  'postgres://u:a${b@h/d',
  'postgres://u:a,null@h/d',
  'postgres://u:a.null@h/d',
  'postgres://u:x<password>y@h/d',
  'postgres://u:p@h/a.null',
  'postgres://u:p@h/a[q7]b',
  'mysql://u:p@h/d?connectTimeout=1000',
  'mysql://u:p@h/d?connectattributes=a=b',
  'sqlite:x.db?mode=RO',
  'host=h\nuser=u\ndbname=d',
  `postgres://u:p@h/${'y'.repeat(65_519)}`,
  'postgres://u:p@h/d?application_name=a@b',
  'postgres://u:%24%7BX%7D@h/d',
  'postgres://u:p@db.example.com,db2.example.com:5433/d?target_session_attrs=read-write',
  'postgres://u:p@[fe80::1%25eth0]:5432/d',
  'postgres://u:p@bücher.example/d',
  'mysql://u:p!$&*()_+-=;,.~@h/d',
  "host=h user=u dbname=d password='a b'",
  'sqlite:./my file.db',
  'sqlite:///./test.db',
  'sqlite:////data/app.db',
  'sqlite:///:memory:',
]

void t.test('what is right is read in silence', async (t) => {
  for (const input of fine) {
    for (const strict of [false, true]) {
      const found = codesOf(input, strict).filter((code) => !code.startsWith('missing-'))
      t.strictSame(found, [], input)
    }
  }
})

void t.test('what is wrapped around a URL is left out of it, and nothing else', async (t) => {
  const wrapped = ['wrapped-in-quotes', 'surrounding-whitespace', 'pasted-command', 'pasted-assignment']
  const inputs = repaired.filter(({ code }) => wrapped.includes(code)).flatMap((mistake) => mistake.inputs)
  const read = inputs.filter((input) => /postgres:\/\/u:p@h\/d(?!\?)/.test(input))
  for (const input of read) t.equal(validateUrl(input).redacted, 'postgres://u:***@h:5432/d', input)
  t.ok(read.length > 40, `${read.length} inputs`)

  const inner = {
    'DATABASE_URL=postgres://u:p s@h/d': 'postgres://u:p%20s@h:5432/d',
    "psql 'postgres://u:p s@h/d'": 'postgres://u:p%20s@h:5432/d',
    'DATABASE_URL="postgres://u:p"s@h/d"': 'postgres://u:p%22s@h:5432/d',
    'DATABASE_URL=host=h dbname=d user=u': 'postgres://u@h:5432/d',
    'DATABASE_URL=postgres://h/d?options=-c geqo': 'postgres://h:5432/d?options=-c%20geqo',
    "psql 'host=h dbname=d user=u' -c 'select 1'": 'postgres://u@h:5432/d',
    'postgres://u@h/d?password=p;': 'postgres://u:p%3B@h:5432/d',
    'sqlite:C:\\data\\n': 'sqlite:C:%5Cdata%5Cn',
    'postgres://u:p A=@h/d': 'postgres://u:p%20A%3D@h:5432/d',
  }
  for (const [input, want] of Object.entries(inner)) {
    const result = validateUrl(input)
    t.equal(result.valid && formatUrl(result.target, { reveal: true }), want, input)
  }
})

void t.test('a variable of Windows is no percent-encoding', async (t) => {
  t.strictSame(codesOf('postgres://u:p@%DB_HOST%/%DB_NAME%', false), [
    'unexpanded-variable',
    'unexpanded-variable',
  ])
  t.ok(codesOf('postgres://u:p@h/d?application_name=%APP%', false).includes('bad-percent-encoding'))
})

void t.test('a hint gives a form that is read', async (t) => {
  const hints = {
    'jdbc:sqlite:x.db': 'sqlite:file.db',
    'jdbc:mysql://h/d': 'mysql://user:password@host/database',
    'app.db': 'sqlite:app.db',
    'sqlite://x.db': 'sqlite:./file.db',
  }
  for (const [input, form] of Object.entries(hints)) {
    const result = validateUrl(input, { strict: true })
    t.ok(!result.valid && result.problems[0].hint.includes(form), input)
    t.ok(validateUrl(form, { strict: true }).valid, form)
  }
  const slashes = validateUrl('//u:p@h/d')
  t.notOk(!slashes.valid && slashes.problems[0].hint.includes('SQLite file'))
})

void t.test('several mistakes at once are reported together', async (t) => {
  const quoted = codesOf(' "POSTGRES://u:p@ss@h:x/d?sslmode=bogus"', true)
  t.strictSame(quoted.toSorted(), [
    'invalid-parameter',
    'invalid-port',
    'misspelled-scheme',
    'surrounding-whitespace',
    'unescaped-character',
    'wrapped-in-quotes',
  ])
  t.strictSame(codesOf('postgres://USER:PASSWORD@h/d', true), ['placeholder', 'placeholder'])
  t.strictSame(codesOf('postgres://USER:p@h:PASSWORD/d', true), ['placeholder', 'placeholder'])
  t.strictSame(codesOf('postgres://u:a@b@c@h/d', true), ['unescaped-character'])
  t.strictSame(codesOf('mysql://u:p@h/d?foo=1&bar=2', true), ['unknown-parameter', 'unknown-parameter'])
  t.strictSame(codesOf(' "" ', true), ['empty'])
  t.strictSame(codesOf('" "', false), ['empty'])
  t.strictSame(codesOf('psql -h h', true), ['pasted-command'])
  t.strictSame(codesOf('postgres://u:p@h:x\n/d', true), ['control-character'])
  t.strictSame(codesOf('postgres://u:p@a:x/d,mysql://u:p@b/d', true), ['several-urls'])
  const variables = validateUrl('postgres://${USER}:${PASSWORD}@${HOST}:${PORT}/${NAME}')
  t.equal(!variables.valid && variables.problems.length, 5)
  const pairs = validateUrl(`mysql://u:p@h/d?${'=&'.repeat(60)}`)
  t.equal(!pairs.valid && pairs.problems.length, 50, 'and no more than anybody reads')
})

/** What the first problem or warning of a text points at, with what its message says there. */
const places: readonly { input: string; code: ProblemCode; at: string; says?: string }[] = [
  { input: 'postgres://u:p@ss@h/d', code: 'unescaped-character', at: '@', says: 'password, at position 15' },
  { input: 'postgres://u@x:p@h/d', code: 'unescaped-character', at: '@', says: 'user, at position 13' },
  {
    input: 'postgres://u:12/ss@h/d',
    code: 'unescaped-character',
    at: '/',
    says: '"/" in its password, at position 16',
  },
  {
    input: 'postgres://h?application_name=a@b',
    code: 'unescaped-character',
    at: '?',
    says: 'user, at position 13',
  },
  {
    input: 'postgres://u:p ss@h/d',
    code: 'unescaped-character',
    at: ' ',
    says: '" " in its password, at position 15',
  },
  { input: 'mysql://u s:p@h/d', code: 'unescaped-character', at: ' ', says: 'user, at position 10' },
  { input: 'mysql://u:p s s@h/d', code: 'unescaped-character', at: ' ', says: 'password, at position 12' },
  { input: 'postgres://u:p s s@h/d', code: 'unescaped-character', at: ' ', says: 'at position 15' },
  { input: 'postgres://:p@@h/d', code: 'unescaped-character', at: '@', says: 'password, at position 14' },
  { input: 'postgres://:12/ss@h/d', code: 'unescaped-character', at: '/', says: 'password, at position 15' },
  { input: 'postgres://u:a@b:c@h/d', code: 'unescaped-character', at: '@', says: 'password, at position 15' },
  { input: 'mysql://u:p@h/d#x#y', code: 'unescaped-character', at: '#', says: 'database, at position 16' },
  { input: 'mysql://u:p@h?#x', code: 'unescaped-character', at: '#', says: 'parameters, at position 15' },
  { input: 'postgres://h/d?options=a=b=c', code: 'unescaped-character', at: '=', says: 'at position 25' },
  { input: 'postgres://h/d?options==b', code: 'unescaped-character', at: '=', says: 'at position 24' },
  {
    input: 'mysql://u:p@h/d#x',
    code: 'unescaped-character',
    at: '#',
    says: '"#" in its database, at position 16',
  },
  {
    input: 'mysql://u:p@h/d?a=b#x',
    code: 'unescaped-character',
    at: '#',
    says: 'parameters, at position 20',
  },
  {
    input: 'postgres://h/d?options=a=b',
    code: 'unescaped-character',
    at: '=',
    says: 'parameter, at position 25',
  },
  { input: 'postgres://u:a%zb@h/d', code: 'bad-percent-encoding', at: '%', says: 'password, at position 15' },
  {
    input: 'postgres://u:a%ffb@h/d',
    code: 'bad-percent-encoding',
    at: '%',
    says: 'password, at position 15',
  },
  {
    input: 'postgres://h/d?application_name=%x',
    code: 'bad-percent-encoding',
    at: '%',
    says: 'parameter, at position 33',
  },
  { input: 'postgres://h:%x/d', code: 'bad-percent-encoding', at: '%', says: 'port, at position 14' },
  { input: 'postgres:// u%zz:p@h/d', code: 'bad-percent-encoding', at: '%', says: 'user, at position 14' },
  { input: 'mysql://h/d?a=1&%zz=1', code: 'bad-percent-encoding', at: '%', says: 'name, at position 17' },
  { input: 'postgres://h/d%00', code: 'control-character', at: '%00', says: 'position 15' },
  { input: 'postgres://h/a%00b%00', code: 'control-character', at: '%00', says: 'position 15' },
  { input: 'postgres://h\n/d', code: 'control-character', at: '\n', says: 'a line break at position 13' },
  { input: 'postgres://h\r/d', code: 'control-character', at: '\r', says: 'a line break' },
  { input: 'postgres://h\u200B/d', code: 'control-character', at: '\u200B', says: 'U+200B at position 13' },
  {
    input: 'postgres://u:${PASSWORD}@h/d',
    code: 'unexpanded-variable',
    at: '${PASSWORD}',
    says: '${PASSWORD}',
  },
  { input: 'postgres://u:p@<host>/d', code: 'placeholder', at: '<host>', says: '<host> as its host' },
  { input: 'postgres://USER:PASSWORD@h/d', code: 'placeholder', at: 'USER', says: 'USER as its user' },
  { input: 'sqlite:///undefined', code: 'undefined-text', at: 'undefined', says: '"undefined" as its value' },
  { input: 'postgres://u:p@h:x/d', code: 'invalid-port', at: 'x' },
  { input: 'postgres://u:p@a,b:x/d', code: 'invalid-port', at: 'a,b:x' },
  { input: 'postgres://u:p@h!:5432/d', code: 'invalid-host', at: 'h!', says: '"!"' },
  { input: 'postgres:///u:p@h/d', code: 'invalid-host', at: '/', says: 'it is empty' },
  { input: 'postgres://u:p/@h!/d', code: 'invalid-host', at: 'h!' },
  { input: 'postgres://u:p@[::1!]/d', code: 'invalid-host', at: '::1!', says: '"!"' },
  { input: 'postgres:///d?host=a:5432', code: 'invalid-host', at: 'a:5432', says: '":"' },
  { input: 'postgres://u:p@a,[::1/d', code: 'invalid-host', at: '[::1', says: 'a "[" has no "]"' },
  { input: 'postgres://u:p@[::1]x/d', code: 'invalid-host', at: '[::1]x', says: 'brackets hold' },
  { input: 'postgres://u:p@h/d?foo=bar', code: 'unknown-parameter', at: 'bar', says: '"foo"' },
  { input: 'postgres://u:p@h/d?sslmode=bogus', code: 'invalid-parameter', at: 'bogus', says: '"sslmode"' },
  { input: 'postgres://u:p@h/d?a=1&b', code: 'invalid-parameter', at: 'b' },
  { input: 'mysql://u:p@h/d?ssl-mode=REQUIRED', code: 'tls-parameter', at: 'REQUIRED', says: '"ssl-mode"' },
  { input: "host=h user=u x'", code: 'invalid-parameter', at: " x'" },
  { input: "host=h user=u dbname=d foo='bar'", code: 'unknown-parameter', at: 'bar' },
  { input: 'host=h user=u dbname=d foo=bar', code: 'unknown-parameter', at: 'bar' },
  { input: 'postgres://u:p%2540@h/d', code: 'double-encoded', at: 'p%2540', says: 'password' },
  { input: 'POSTGRES://u:p@h/d', code: 'misspelled-scheme', at: 'POSTGRES:', says: '"POSTGRES"' },
  { input: 'jdbc:MySQL://h/d?user=u', code: 'misspelled-scheme', at: 'MySQL:', says: '"MySQL"' },
  { input: 'postgre://u:p@h/d', code: 'misspelled-scheme', at: 'postgre', says: '"postgre"' },
  { input: 'jdbc:oracle:thin:@h', code: 'unsupported-scheme', at: 'oracle', says: '"oracle"' },
  { input: 'jdbc:mysql:loadbalance://h/d?user=u', code: 'jdbc-url', at: 'jdbc:mysql:' },
  { input: 'jdbc:mysql:loadbalance://h!/d?user=u', code: 'invalid-host', at: 'h!' },
  { input: 'jdbc:postgresql:d?user=u&x=y', code: 'unknown-parameter', at: 'y' },
  {
    input: 'postgresql+asyncpg://u:p@h/d',
    code: 'driver-suffix',
    at: 'postgresql+asyncpg:',
    says: '"+asyncpg"',
  },
  { input: 'mongodb+srv://u:p@h/d', code: 'unsupported-scheme', at: 'mongodb+srv', says: '"mongodb+srv"' },
  { input: 'https://h', code: 'http-url', at: 'https' },
  { input: 'postgres:u:p@h/d', code: 'missing-slashes', at: '' },
  { input: 'u:p@h/d', code: 'missing-scheme', at: 'u:p@h/d' },
  { input: 'sqlite:///data/x.db', code: 'sqlite-slashes', at: '///data/x.db', says: '"data/x.db"' },
  { input: 'sqlite://x.db', code: 'sqlite-host', at: '//x.db' },
  { input: 'sqlite:x.db?mode=z', code: 'invalid-parameter', at: 'z', says: '"mode"' },
  { input: 'postgres://u:p@a/d,mysql://u:p@b/d', code: 'several-urls', at: ',mysql://' },
]

void t.test('a problem says where it is, also when something stands before the URL', async (t) => {
  for (const { input, code, at, says = '' } of places) {
    for (const before of ['', 'DATABASE_URL=', 'x_url:']) {
      const text = before + input
      const result = validateUrl(text)
      const all = [...(result.valid ? [] : result.problems), ...result.warnings]
      const found = all.find((each) => each.code === code)
      t.equal(text.slice(found?.at?.start ?? 0, found?.at?.end ?? 0), at, text)
      const moved = says.replace(
        /position (\d+)/,
        (_, position) => `position ${Number(position) + before.length}`,
      )
      t.ok(found?.message.includes(moved), `${text}: ${found?.message}`)
    }
  }
})

void t.test('what was taken off has a place too', async (t) => {
  const first = (input: string): string | undefined => {
    const { at } = validateUrl(input).warnings[0] ?? {}
    return at && input.slice(at.start, at.end)
  }
  t.equal(first(' postgres://u:p@h/d'), ' ')
  t.equal(first('postgres://u:p@h/d\r\n'), '\r\n')
  t.equal(first('DATABASE_URL = postgres://u:p@h/d'), 'DATABASE_URL = ')
  t.equal(first('"postgres://u:p@h/d"'), '"')
  t.equal(first('“postgres://u:p@h/d”'), '“')
  t.equal(first('postgres://u:p@h/d"'), '"')
  t.equal(first("psql -d 'postgres://u:p@h/d'"), "psql -d '")
  const command = validateUrl(' psql -h h')
  t.strictSame(!command.valid && command.problems[0].at, { start: 1, end: 10 })
})

void t.test('what is no string is refused', async (t) => {
  const inputs = [
    null,
    1,
    1n,
    true,
    {},
    [],
    Symbol('x'),
    () => 1,
    new String('postgres://h/d'),
    Buffer.from('x'),
  ]
  for (const input of inputs) {
    const result = validateUrl(input)
    t.equal(!result.valid && result.problems[0].code, 'not-a-string')
  }
  const nothing = validateUrl(undefined)
  t.equal(!nothing.valid && nothing.problems[0].code, 'missing')
})

void t.test('options of a wrong type do not make it throw', async (t) => {
  const trap = Object.defineProperty({}, 'strict', {
    get: () => {
      throw new Error('trap')
    },
  })
  for (const options of [null, 1, 'strict', [], { strict: 'yes' }, trap]) {
    t.ok(validateUrl(' postgres://u:p@h/d', options as never).valid)
  }
})
