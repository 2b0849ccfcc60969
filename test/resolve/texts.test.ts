import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  formatUrl,
  resolveDatabaseConfig,
  validateUrl,
  type DatabaseConfig,
  type DatabaseTarget,
} from 'failsoft'
import t from 'tap'
import { componentFamilies } from '#lib/resolve/variables.js'
import { newFolder } from '../new-folder.ts'

interface Case {
  readonly id: string
  readonly env?: Readonly<Record<string, string>>
  readonly url?: string
  readonly strict?: 'refuse' | 'accept'
  readonly want: {
    readonly problem?: string
    readonly hint?: string
    readonly warning?: readonly string[]
    readonly kind?: DatabaseConfig['kind']
    readonly target?: Readonly<Record<string, unknown>>
    readonly tls?: readonly string[]
    readonly clean?: boolean
  }
}

const cases = ['texts', 'more-texts'].flatMap((name) => {
  const file = new URL(`../../test/cases/${name}.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] }).cases
})
const cwd = newFolder()

/** The parts of a target that the cases speak of. */
function partsOf(target: DatabaseTarget): Record<string, unknown> {
  if (target.dialect === 'sqlite') return { ...target }
  const { hosts, password, ...rest } = target
  return { ...rest, password: password?.reveal() ?? null, ...hosts[0] }
}

for (const { id, env, url, strict, want } of cases) {
  void t.test(`${id} ${url ?? Object.keys(env ?? {}).join(' ')}`, async (t) => {
    const config = resolveDatabaseConfig({ env: env ?? { DATABASE_URL: url ?? '' }, cwd })
    const target = config.kind === 'primary' ? config.target : undefined
    if (want.problem) t.match(config, { problem: { code: want.problem } })
    if (want.hint) t.ok('problem' in config && config.problem.hint.includes(want.hint), want.hint, { config })
    if (want.kind) t.equal(config.kind, want.kind)
    if (want.warning) {
      const codes = config.warnings.map(({ code }) => code as string)
      t.ok(
        codes.some((code) => want.warning?.includes(code)),
        `a warning, of ${codes.join(', ') || 'none'}`,
      )
    }
    if (want.clean) t.same(config.warnings, [])
    t.notMatch(JSON.stringify(config) + config.explain(), 'S3cretCanary', 'no password is shown')
    if (want.target) t.hasStrict(target && partsOf(target), want.target)
    if (want.tls && target) {
      t.ok(want.tls.includes(('tls' in target && target.tls?.mode) || 'nothing'), 'encryption', { target })
    }
    if (strict) t.equal(validateUrl(url, { strict: true }).valid, strict === 'accept', 'strict')
  })
}

t.test('a path that no system takes', async (t) => {
  const url = `sqlite:/${'a/'.repeat(32_000)}x.db`
  const start = performance.now()
  t.doesNotThrow(() => resolveDatabaseConfig({ env: { DATABASE_URL: url }, cwd }))
  t.ok(performance.now() - start < 2_000, 'is not followed for long')
})

const parts = {
  host: 'db.example.com',
  port: '6543',
  user: 'app',
  password: 'p w',
  database: 'todo',
} as const
type Part = keyof typeof parts
const dirty: readonly { code: string; around: readonly (readonly [before: string, after: string])[] }[] = [
  {
    code: 'surrounding-whitespace',
    around: [
      [' ', ''],
      ['\t', ' '],
      ['\n', ''],
      ['', '\u00a0'],
      ['', '\u200b'],
      ['', ' \r\n'],
    ],
  },
  {
    code: 'wrapped-in-quotes',
    around: [
      ['"', '"'],
      ["'", "'"],
      ['`', '`'],
      ['“', '”'],
      [' "', '" \n'],
      ['"\'', '\'"'],
    ],
  },
]

void t.test('every component of every family is cleaned, and so is its file', async (t) => {
  for (const family of componentFamilies) {
    const all: Record<string, string> = Object.fromEntries(
      Object.entries(parts).map(([part, value]) => [family[part as Part][0], value]),
    )
    if (family.kind) all[family.kind[0]!] = 'postgres'
    for (const [part, value] of Object.entries(parts)) {
      for (const name of family[part as Part]) {
        const { [family[part as Part][0]!]: _, ...others } = all
        for (const { code, around } of dirty) {
          for (const [before, after] of around) {
            const text = before + value + after
            writeFileSync(join(cwd, name), text)
            for (const env of [
              { ...others, [name]: text },
              { ...others, [`${name}_FILE`]: name },
            ]) {
              const config = resolveDatabaseConfig({ env, cwd, strategy: 'never' })
              const seen = config.kind === 'primary' ? partsOf(config.target) : config.problem
              const want = { ...parts, port: 6543 }
              t.match(seen, want, `${name} ${JSON.stringify(text)}`)
              t.ok(
                config.warnings.some((warning) => warning.code === code),
                `${name}: ${code}`,
              )
            }
          }
        }
      }
    }
  }
})

const secret = { username: 'app', password: 'p/w@', host: 'db.example.com', dbname: 'todo' }
const json = (fields: object): string => JSON.stringify({ ...secret, ...fields })
const secrets: readonly { text: string; want: string }[] = [
  {
    text: json({ engine: 'postgres', port: 5432 }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo',
  },
  { text: json({ engine: 'aurora-postgresql' }), want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo' },
  { text: json({ engine: 'mysql', port: '3307' }), want: 'mysql://app:p%2Fw%40@db.example.com:3307/todo' },
  { text: json({ engine: 'mariadb' }), want: 'mysql://app:p%2Fw%40@db.example.com:3306/todo' },
  { text: json({ engine: 'aurora' }), want: 'mysql://app:p%2Fw%40@db.example.com:3306/todo' },
  { text: json({ port: 3306 }), want: 'mysql://app:p%2Fw%40@db.example.com:3306/todo' },
  {
    text: json({ engine: 'postgres', dbInstanceIdentifier: 'db1' }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo',
  },
  { text: `'${json({ engine: 'postgres' })}'\n`, want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo' },
  {
    text: JSON.stringify(json({ engine: 'postgres' })),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo',
  },
  {
    text: JSON.stringify({ ...secret, engine: 'postgres' }, null, 2),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo',
  },
  {
    text: json({ engine: 'postgres', sslmode: 'require' }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=require',
  },
  {
    text: json({ engine: 'postgres', ssl: true }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=require',
  },
  {
    text: json({ engine: 'postgres', ssl: { rejectUnauthorized: false } }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=require',
  },
  {
    text: json({ engine: 'postgres', rejectUnauthorized: true }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=verify-full',
  },
  {
    text: json({ engine: 'postgres', options: { sslmode: 'require' }, meta: { a: { b: 1 } } }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=require',
  },
  {
    text: json({ engine: 'postgres', ca_certificate: '/ca.pem' }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo?sslmode=verify-ca&sslrootcert=%2Fca.pem',
  },
  {
    text: json({ engine: 'postgres', ssl: { rejectUnauthorized: true, ca: 'x' } }),
    want: 'invalid-parameter',
  },
  { text: json({ engine: 'postgres', tls: { enabled: true } }), want: 'invalid-parameter' },
  {
    text: json({ engine: 'postgres', password: undefined, pass: 'p/w@' }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5432/todo',
  },
  {
    text: json({ engine: 'postgres', host: 'db.example.com:5433' }),
    want: 'postgres://app:p%2Fw%40@db.example.com:5433/todo',
  },
  { text: json({ engine: 'postgres', host: undefined }), want: 'json-secret' },
  { text: json({ engine: 'sqlserver' }), want: 'json-secret' },
  { text: json({}), want: 'json-secret' },
  { text: json({ engine: 'postgres', sslmod: 'require' }), want: 'tls-parameter' },
  { text: json({ engine: 'postgres', port: 99_999 }), want: 'invalid-port' },
]

void t.test('the JSON of a secret store', async (t) => {
  writeFileSync(join(cwd, 'secret'), secrets[0]!.text)
  const file = resolveDatabaseConfig({ env: { DATABASE_URL_FILE: 'secret' }, cwd })
  t.match(file, { kind: 'primary', source: { kind: 'file' } })
  for (const { text, want } of secrets) {
    const config = resolveDatabaseConfig({ env: { DATABASE_URL: text }, strategy: 'never' })
    if (config.kind === 'primary') {
      t.equal(formatUrl(config.target, { reveal: true }), want, text)
      t.ok(
        config.warnings.some(({ code }) => code === 'json-secret'),
        text,
      )
    } else t.equal(config.kind === 'unresolved' && config.problem.code, want, text)
    t.notOk(validateUrl(text, { strict: true }).valid, `strict: ${text}`)
    t.notMatch(JSON.stringify(config) + config.explain(), 'p/w@', `nothing is shown of ${text}`)
  }
})

for (const [name, value, want] of [
  ['DATABASE_ULR', 'postgres://u:p@h/d', 'misspelled-variable'],
  ['DATABASEURL', 'mysql://u:p@h/d', 'misspelled-variable'],
  ['DATABASE_URI', 'postgres://u:p@h/d', 'misspelled-variable'],
  ['database_url', 'postgres://u:p@h/d', 'misspelled-variable'],
  ['\ufeffDATABASE_URL', 'postgres://u:p@h/d', 'misspelled-variable'],
  ['DATABASE_URL ', 'postgres://u:p@h/d', 'misspelled-variable'],
  ['MYSQL_ULR', 'mysql://u:p@h/d', 'misspelled-variable'],
  ['DATABSE_URL', 'hello', 'missing'],
  ['DATBSE_ULR', 'postgres://u:p@h/d', 'missing'],
] as const) {
  const config = resolveDatabaseConfig({ env: { [name]: value }, strategy: 'never' })
  t.match(config, { kind: 'unresolved', problem: { code: want } }, `${name}=${value}`)
}
t.match(
  resolveDatabaseConfig({ env: { PGHOST: 'h', PGSSLMOD: 'require' }, strategy: 'never' }),
  { kind: 'unresolved', problem: { code: 'misspelled-variable', message: /PGSSLMODE/ } },
  'a wish for encryption under a misspelled name',
)

const urls: readonly { text: string; want: string; code?: string }[] = [
  { text: 'sqlite:./x.db # dev', want: 'sqlite:./x.db', code: 'inline-comment' },
  { text: "'postgres://u:p@h/d' # c", want: 'postgres://u:p@h:5432/d', code: 'inline-comment' },
  {
    text: 'mysql://u:p@h/d?ssl=true\t#prod',
    want: 'mysql://u:p@h:3306/d?sslmode=require',
    code: 'inline-comment',
  },
  { text: 'postgres://user%3Apw@h/d', want: 'postgres://user:pw@h:5432/d', code: 'bad-percent-encoding' },
  {
    text: 'postgres://u:p@h/d?socket=/run/pg',
    want: 'postgres://u:p@%2Frun%2Fpg/d',
    code: 'unknown-parameter',
  },
  { text: 'postgres://u:p@h/d?unix_socket=/run/pg/.s.PGSQL.5433', want: 'postgres://u:p@%2Frun%2Fpg:5433/d' },
  { text: 'postgres://u:p@/d?host=/.s.PGSQL.5433', want: 'postgres://u:p@%2F:5433/d' },
  {
    text: 'postgres://u:p@h/d\\?sslmode=require\\&application_name=a',
    want: 'invalid-parameter',
    code: 'query-separator',
  },
  {
    text: 'postgres://u:p@h/d\\?application_name=a\\&sslmode=require',
    want: 'postgres://u:p@h:5432/d?sslmode=require&application_name=a',
    code: 'query-separator',
  },
  {
    text: 'mysql://u:p@h/d\\?ssl-mode=REQUIRED',
    want: 'mysql://u:p@h:3306/d?sslmode=require&ssl-mode=REQUIRED',
    code: 'query-separator',
  },
  { text: 'mysql://u:p@https://h/d', want: 'invalid-host' },
  { text: 'postgres://http://h/d', want: 'invalid-host' },
  { text: 'sqlite:$HOME/x.db', want: 'unexpanded-variable' },
  { text: 'sqlite:%DATA%/x.db', want: 'unexpanded-variable' },
  { text: 'sqlite:data/{{env}}/x.db', want: 'unexpanded-variable' },
  { text: 'sqlite:////~/x.db', want: 'unexpanded-variable' },
  { text: 'sqlite:a~b/x$y.db', want: 'sqlite:a~b/x%24y.db' },
  { text: 'sqlite:%24HOME/x.db', want: 'sqlite:%24HOME/x.db' },
]
for (const { text, want, code } of urls) {
  const result = validateUrl(text)
  t.equal(result.valid ? formatUrl(result.target, { reveal: true }) : result.problems[0].code, want, text)
  if (code)
    t.ok(
      result.warnings.some((warning) => warning.code === code),
      `${text}: ${code}`,
    )
}
t.notMatch(JSON.stringify(validateUrl('postgres://user%3Azq7x@h/d')), 'zq7x', 'nothing is shown of it')

void t.test('no false remarks for a socket', async (t) => {
  for (const DATABASE_URL of [
    'mysql://u:p@/d?socketPath=/cloudsql/x',
    'mysql://u:p@localhost/d?socketPath=/cloudsql/x',
    'postgres://u:p@/d?host=/cloudsql/p:r:i',
    'postgres://u:p@%2Fcloudsql%2Fp%3Ar%3Ai/d',
  ]) {
    t.same(resolveDatabaseConfig({ env: { DATABASE_URL, SPACE_ID: 'a/b' } }).warnings, [], DATABASE_URL)
  }
  const config = resolveDatabaseConfig({ env: { PGHOST: '/cloudsql/p:r:i', PGUSER: 'u', PGDATABASE: 'd' } })
  t.match(config, { target: { hosts: [{ host: '/cloudsql/p:r:i' }] }, warnings: [] })
})
