import { validateUrl, type ProblemCode } from 'failsoft'
import t from 'tap'

/** What the message, or the hint behind it, of a problem or a warning says. */
const sayings: readonly { input: unknown; code: ProblemCode; says: string }[] = [
  { input: null, code: 'not-a-string', says: 'The database URL is null, not' },
  { input: ['x'], code: 'not-a-string', says: 'is an array, not' },
  { input: {}, code: 'not-a-string', says: 'is an object, not' },
  { input: 5432, code: 'not-a-string', says: 'is a number, not' },
  { input: ' postgres://h/d ', code: 'surrounding-whitespace', says: 'has spaces around it' },
  { input: '\tpostgres://h/d ', code: 'surrounding-whitespace', says: 'has tabs or spaces around it' },
  { input: '\n postgres://h/d', code: 'surrounding-whitespace', says: 'has a line break around it' },
  { input: '\uFEFFpostgres://h/d', code: 'surrounding-whitespace', says: 'an invisible character' },
  { input: '“postgres://h/d”', code: 'wrapped-in-quotes', says: 'quotes (“)' },
  { input: "postgres://h/d'", code: 'wrapped-in-quotes', says: "quotes (')" },
  { input: 'psql postgres://h/d', code: 'pasted-command', says: '("psql")' },
  {
    input: 'mysql --ssl-mode=REQUIRED mysql://h/d',
    code: 'pasted-command',
    says: 'is read in a MySQL URL too',
  },
  { input: 'DB_URL=postgres://h/d', code: 'pasted-assignment', says: '("DB_URL=")' },
  { input: 'my_zq7x: postgres://h/d', code: 'pasted-assignment', says: '("…:")' },
  { input: 'jdbc:mysql://h/d', code: 'jdbc-url', says: 'mysql://user:password@host/database.' },
  { input: 'libsql://x.turso.io', code: 'unsupported-scheme', says: 'write sqlite:./file.db.' },
  { input: 'psql://h', code: 'misspelled-scheme', says: 'Did you mean "postgresql"?' },
  { input: 'pq://h', code: 'misspelled-scheme', says: 'Did you mean "postgresql"?' },
  { input: 'postgre://h', code: 'misspelled-scheme', says: 'Did you mean "postgres"?' },
  { input: 'myslq+x://h', code: 'misspelled-scheme', says: 'Did you mean "mysql"?' },
  { input: 'https://x.supabase.co', code: 'http-url', says: "It is the project's API." },
  { input: 'https://h', code: 'http-url', says: "from the provider's page" },
  { input: 'app.s3db', code: 'missing-scheme', says: 'write sqlite:app.s3db' },
  { input: './data', code: 'missing-scheme', says: 'write sqlite: before its name' },
  { input: 'C:\\data', code: 'missing-scheme', says: 'write sqlite: before its name' },
  { input: '/u:p@h/d', code: 'missing-scheme', says: 'Begin with postgres://' },
  { input: 'pg%3A%2F%2Fh', code: 'missing-scheme', says: 'All of it is percent-encoded' },
  { input: 'Server=h;Password=p;', code: 'missing-scheme', says: 'for ADO or ODBC' },
  { input: 'Environment="A=mysql://u:p@h/d"', code: 'missing-scheme', says: 'it begins with mysql://' },
  { input: '(Postgres://u:p@h/d)', code: 'missing-scheme', says: 'it begins with postgres://' },
  { input: 'cG9zdGdyZXM6Ly91OnBAaC9k', code: 'missing-scheme', says: 'the Base64 of a URL' },
  { input: 'localhost:5432/d', code: 'missing-scheme', says: 'Begin with postgres://' },
  { input: 'postgres://u:a/b@h/d', code: 'unescaped-character', says: 'Write "/" as %2F:' },
  { input: 'postgres://h/d/', code: 'unescaped-character', says: 'Remove the "/"' },
  { input: 'host=h:5432 dbname=d', code: 'invalid-host', says: 'of its own, as in port' },
  { input: 'postgres:///d?host=h:5432', code: 'invalid-host', says: 'of its own, as in port' },
  { input: 'postgres://h%20x/d', code: 'invalid-host', says: 'it contains a space.' },
  { input: 'mysql://u:p:192.0.2.1:1/d', code: 'invalid-port', says: 'one ":" too many' },
  { input: 'sqlite::memory', code: 'missing-database', says: 'read as a database in memory' },
  { input: 'postgres://u:p@a,u:p@b/d', code: 'invalid-host', says: 'Write the login once' },
  { input: 'mysql://u:p@tcp(h:1)/d', code: 'invalid-host', says: 'without tcp( )' },
  { input: 'u:p@tcp(h:1)/d', code: 'missing-scheme', says: "a DSN of Go's driver" },
  { input: 'host=h database=d', code: 'invalid-parameter', says: 'Use dbname in its place' },
  { input: 'mysql://u:p@h:x/d', code: 'invalid-port', says: 'for example db.example.com:3306.' },
  { input: 'postgres://a:1,b:2/d?host=c', code: 'invalid-port', says: 'There are 2 ports for 1 hosts' },
  { input: 'mysql://h/d?user=x', code: 'unknown-parameter', says: 'Only the part before the path' },
  { input: 'sqlite:x.db?mode=x', code: 'invalid-parameter', says: 'Use one of ro, rw, rwc, memory.' },
  {
    input: 'mysql://h/d?connect_timeout=x',
    code: 'invalid-parameter',
    says: 'Use a whole number of seconds.',
  },
  { input: 'postgres://u:p@[x]/d', code: 'placeholder', says: 'template text […] as its host' },
  { input: 'postgres://u:p@h<x>/d', code: 'placeholder', says: 'template text <…> as its host' },
  { input: 'postgres://u:xxxxxxxxxxxx@h/d', code: 'placeholder', says: 'text xxxxxxxx as its password' },
  { input: 'postgres://u:your_password@h/d', code: 'placeholder', says: 'text your_password as' },
  { input: 'changeme', code: 'placeholder', says: 'template text changeme as' },
  { input: 'postgres://u:your-zq7x@h/d', code: 'placeholder', says: 'template text your-… as' },
  { input: 'postgres://$user:p@h/d', code: 'unexpanded-variable', says: 'variable ($user) where' },
  { input: 'mysql://u:p@a:1,b:${PORT}/d', code: 'unexpanded-variable', says: 'variable (${PORT}) where' },
  { input: 'postgres://u:p@a-${X}/d', code: 'unexpanded-variable', says: 'variable (${…}) where' },
]

for (const { input, code, says } of sayings) {
  const result = validateUrl(input)
  const found = [...(result.valid ? [] : result.problems), ...result.warnings].find(
    (each) => each.code === code,
  )
  t.ok(`${found?.message} ${found?.hint}`.includes(says), `${String(input)}: ${says}`, { result })
}

void t.test('there is no advice where none fits', async (t) => {
  const hints = {
    'mysql://u:p@h:x/d': 'Write host:port, for example db.example.com:3306.',
    'oracle://h': 'Use a URL that begins with postgres://, mysql:// or sqlite:.',
    'mysql://u:p@h/d?foo=1': 'Remove it, or check its spelling.',
  }
  for (const [input, hint] of Object.entries(hints)) {
    const result = validateUrl(input)
    t.equal((result.valid ? result.warnings : result.problems)[0]?.hint, hint, input)
  }
})

void t.test('what is refused for what stands beside a URL is said once', async (t) => {
  for (const strict of [false, true]) {
    const { valid, warnings, ...rest } = validateUrl('PGSSLMODE=require psql postgres://u:p@h/d', { strict })
    t.notOk(valid)
    t.match(rest, { problems: [{ code: 'pasted-command', hint: /sslmode=require/ }] })
    t.match({ ...rest, warnings }, { problems: { length: 1 }, warnings: { length: 0 } })
  }
})

/** A word that is none of the vocabulary may be a secret. */
const names = {
  PASSWORD: 'PASSWORD',
  'db.password': 'db.password',
  [`${'db_'.repeat(19)}url`]: `${'db_'.repeat(19)}url`,
  [`${'db_'.repeat(19)}dsn_`]: '…',
  password_zq7x: '…',
  password_12: 'password_12',
  password_123: '…',
  'password!': '…',
}

void t.test('a name is shown only where it cannot be a secret', async (t) => {
  for (const [name, shown] of Object.entries(names)) {
    const result = validateUrl(`postgres://u:\${${name}}@h/d`)
    t.ok(!result.valid && result.problems[0].message.includes(`(\${${shown}})`), name, { result })
  }
})
