import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { resolveDatabaseConfig } from 'failsoft'
import { eachCandidate, fallbackCandidates } from '#lib/resolve/fallback-candidates.js'
import { lookAround } from '#lib/resolve/sqlite-location.js'
import t from 'tap'
import { asUser, canChangeUser, canMount, mount, openDirectory, userId } from './as-user.ts'
import { newFolder } from '../new-folder.ts'

const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => {
  exec(sql: string): void
  close(): void
}

function makeDatabase(path: string, sql: string): void {
  const database = new Sqlite(path)
  database.exec(sql)
  database.close()
}

interface Seen {
  filename: string
  durability: string
  filesystem: string
  ok: boolean
  code: string
  why: string
  mayHoldRows: boolean
}

/** What an ordinary user sees at the candidates of directories. */
function lookAll(directories: string[], options: object = {}): Seen[][] {
  return asUser(
    '/',
    `const { fallbackCandidates } = await import(lib('resolve/fallback-candidates.js'))
     const options = ${JSON.stringify({ env: {}, ...options })}
     const see = (cwd) => fallbackCandidates({ ...options, cwd }).map(({ location, look }) => ({ ...location, ...look }))
     print(${JSON.stringify(directories)}.map(see))`,
  ) as Seen[][]
}

const look = (directory: string, options?: object): Seen[] => lookAll([directory], options)[0]!

const first = (directory: string, options?: object): Partial<Seen> | undefined => look(directory, options)[0]

t.test('the list', async (t) => {
  const cwd = t.testdir({})
  const names = (options: object): string[] =>
    fallbackCandidates({ cwd, ...options }).map(({ location }) => location.filename)
  const temporary = /^\/elsewhere\/failsoft-\w+-[0-9a-f]{12}\/failsoft\.db$/
  const rest = [`${cwd}/data/failsoft.db`, `${cwd}/failsoft.db`, temporary, ':memory:']
  const TMPDIR = '/elsewhere'
  t.match(names({ env: { TMPDIR } }), rest, 'by default')
  t.match(names({ env: { TMPDIR, SQLITE_PATH: 'x.db' } }), [`${cwd}/x.db`, ...rest], 'SQLITE_PATH')
  t.match(names({ env: { TMPDIR, SQLITE_PATH: ' ' } }), rest, 'blank SQLITE_PATH')
  t.match(
    names({ env: { TMPDIR, SQLITE_PATH: 'sqlite:////a/x.db' } })[0],
    '/a/x.db',
    'a SQLite URL in SQLITE_PATH',
  )
  t.same(names({ env: { SQLITE_PATH: ':memory:' } }), [':memory:'], 'asked for memory')
  const sqlite = { filename: 'own.db', directories: ['one', '/two'] }
  const own = [`${cwd}/own.db`, `${cwd}/one/failsoft.db`, '/two/failsoft.db', ':memory:']
  t.same(names({ env: { TMPDIR, SQLITE_PATH: 'x.db' }, sqlite }), own, 'the options beat the environment')
})

t.test('without options: those of the process', async (t) => {
  t.equal(fallbackCandidates().at(-1)?.location.filename, ':memory:')
})

t.test('without a mount table there is no bucket', async (t) => {
  const surroundings = { ...lookAround({}), mounts: undefined }
  const [candidate] = eachCandidate({ env: {}, cwd: '/srv' }, surroundings)
  t.match(candidate, { location: { filename: '/srv/data/failsoft.db', durability: 'unknown' } })
})

t.test('a URL of a server in SQLITE_PATH is no file name', async (t) => {
  const [candidate] = fallbackCandidates({ env: { SQLITE_PATH: 'postgres://u:s3cret@h/d' } })
  t.match(candidate, {
    look: { ok: false },
    problem: { code: 'sqlite-cannot-open', message: 'SQLITE_PATH cannot be opened.' },
  })
  t.notMatch(JSON.stringify(candidate), 's3cret')
})

t.test('a place of its own for each program in the temporary directory', async (t) => {
  const place = (cwd: string): string => fallbackCandidates({ env: {}, cwd }).at(-2)!.location.filename
  t.not(place('/a'), place('/b'))
})

t.test('as an ordinary user', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const cases: { name: string; make(directory: string): void; want: Partial<Seen> | { why: RegExp } }[] = [
    {
      name: 'nothing there yet',
      make: (d) => chmodSync(d, 0o777),
      want: { ok: true, why: /^it can be created, with its directory$/ },
    },
    {
      name: 'a directory that is ready',
      make: (d) => own(d, 'data'),
      want: { ok: true, why: /^it can be created$/ },
    },
    {
      name: 'a directory of root',
      make: (d) => mkdirSync(join(d, 'data')),
      want: {
        ok: false,
        code: 'sqlite-read-only',
        why: /its directory may not be written: it belongs to user 0 \(mode 0755\), and this program runs as user 1000$/,
      },
    },
    {
      name: 'no directory, and none can be made',
      make: () => {},
      want: { ok: false, code: 'sqlite-directory-missing', why: /does not exist, and .* may not be written/ },
    },
    {
      name: 'a file where the directory belongs',
      make: (d) => writeFileSync(join(d, 'data'), ''),
      want: { ok: false, code: 'sqlite-directory-missing' },
    },
    {
      name: 'a link to nowhere where the directory belongs',
      make: (d) => {
        chmodSync(d, 0o777)
        symlinkSync('nowhere', join(d, 'data'))
      },
      want: { ok: false, code: 'sqlite-directory-missing' },
    },
    {
      name: 'a directory that may not be entered',
      make: (d) => mkdirSync(join(d, 'data'), { mode: 0o700 }),
      want: { ok: false, code: 'sqlite-cannot-open', why: /may not look into its directory/ },
    },
    {
      name: 'a directory of that name',
      make: (d) => own(d, 'data/failsoft.db'),
      want: { ok: false, code: 'sqlite-cannot-open', why: /it is a directory/ },
    },
    {
      name: 'a device',
      make: (d) => {
        own(d, 'data')
        symlinkSync('/dev/null', join(d, 'data/failsoft.db'))
      },
      want: { ok: false, code: 'sqlite-cannot-open', why: /no regular file/ },
    },
    {
      name: 'a link to itself',
      make: (d) => {
        own(d, 'data')
        symlinkSync('failsoft.db', join(d, 'data/failsoft.db'))
      },
      want: { ok: false, code: 'sqlite-cannot-open', why: /leads to itself/ },
    },
    {
      name: 'a text file',
      make: (d) => file(d, 'Dear reader, this is a letter.'),
      want: { ok: false, code: 'sqlite-not-a-database' },
    },
    {
      name: 'a long text file',
      make: (d) => file(d, 'Dear reader. '.repeat(1000)),
      want: { ok: false, code: 'sqlite-not-a-database' },
    },
    { name: 'no bytes', make: (d) => file(d, ''), want: { ok: true, why: /it exists and is empty/ } },
    {
      name: 'a database without tables',
      make: (d) => database(d, 'pragma user_version = 1'),
      want: { ok: true, mayHoldRows: false },
    },
    {
      name: 'a database with rows',
      make: (d) => database(d, 'create table a (b); insert into a values (1)'),
      want: { ok: true, mayHoldRows: true },
    },
    {
      name: 'a read-only file',
      make: (d) => {
        database(d, 'create table a (b)')
        chmodSync(join(d, 'data/failsoft.db'), 0o444)
      },
      want: { ok: false, code: 'sqlite-read-only', why: /^it may not be written/ },
    },
    {
      name: 'a file of root',
      make: (d) => {
        database(d, 'create table a (b)')
        chownSync(join(d, 'data/failsoft.db'), 0, 0)
      },
      want: { ok: false, code: 'sqlite-read-only', why: /belongs to user 0/ },
    },
    {
      name: 'a file of root that is closed',
      make: (d) => {
        file(d, '')
        chownSync(join(d, 'data/failsoft.db'), 0, 0)
        chmodSync(join(d, 'data/failsoft.db'), 0o600)
      },
      want: { ok: false, code: 'sqlite-cannot-open', why: /may not be read/ },
    },
    {
      name: 'a good file in a read-only directory',
      make: (d) => {
        database(d, 'create table a (b); insert into a values (1)')
        chmodSync(join(d, 'data'), 0o555)
      },
      want: {
        ok: false,
        code: 'sqlite-read-only',
        why: /its directory may not be written/,
        mayHoldRows: true,
      },
    },
    {
      name: 'a write-ahead log left behind',
      make: (d) => {
        database(d, 'create table a (b)')
        file(d, 'x', 'failsoft.db-wal')
      },
      want: { ok: true, why: /with a failsoft\.db-wal beside it/ },
    },
    {
      name: 'a file that was cut off',
      make: (d) => {
        database(d, 'create table a (b)')
        truncate(d)
      },
      want: { ok: false, code: 'sqlite-corrupt', why: /cut off: 4096 of 8192 bytes/ },
    },
  ]
  const directories = cases.map(({ make }) => {
    const directory = openDirectory(t)
    make(directory)
    return directory
  })
  const list = (): unknown => directories.map((directory) => readdirSync(directory, { recursive: true }))
  const before = list()
  const seen = lookAll(directories)
  for (const [index, { name, want }] of cases.entries()) t.match(seen[index]![0], want, name)
  t.same(list(), before, 'nothing was written')
})

function own(directory: string, path: string): void {
  mkdirSync(join(directory, path), { recursive: true })
  chownSync(join(directory, 'data'), userId, userId)
  chownSync(join(directory, path), userId, userId)
}

function file(directory: string, text: string, name = 'failsoft.db'): void {
  own(directory, 'data')
  writeFileSync(join(directory, 'data', name), text)
  chownSync(join(directory, 'data', name), userId, userId)
}

function database(directory: string, sql: string): void {
  own(directory, 'data')
  makeDatabase(join(directory, 'data/failsoft.db'), sql)
  chownSync(join(directory, 'data/failsoft.db'), userId, userId)
}

function truncate(directory: string): void {
  truncateSync(join(directory, 'data/failsoft.db'), 4096)
}

t.test('the private directory', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const directory = openDirectory(t)
  const TMPDIR = join(directory, 'tmp')
  mkdirSync(TMPDIR)
  chmodSync(TMPDIR, 0o1777)
  const options = { env: { TMPDIR } }
  const inTmp = (): Seen => look(directory, options).at(-2)!
  const path = inTmp().filename.replace(/\/failsoft\.db$/, '')
  t.match(inTmp(), { ok: true, durability: 'ephemeral' }, 'not there yet')
  t.notOk(existsSync(path))
  mkdirSync(path, { mode: 0o700 })
  t.match(
    inTmp(),
    { ok: false, code: 'sqlite-cannot-open', why: /belongs to this user alone/ },
    'made by somebody else',
  )
  chownSync(path, userId, userId)
  t.match(inTmp(), { ok: true }, 'its own')
  chmodSync(path, 0o777)
  t.match(inTmp(), { ok: false }, 'open to all')
})

t.test('no writable place at all', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const directory = openDirectory(t)
  const config = asUser(
    directory,
    `const { resolveDatabaseConfig } = await import(lib('index.js'))
     const config = resolveDatabaseConfig({ env: { TMPDIR: '/proc' }, cwd })
     print({ ...config, text: config.explain() })`,
  )
  t.match(config, {
    kind: 'fallback',
    target: { filename: ':memory:' },
    location: { filename: ':memory:', durability: 'memory', filesystem: 'memory' },
    warnings: [{ code: 'sqlite-ephemeral', message: /lost when this program ends/ }],
    text: /SQLite in memory/,
  })
})

const canTmpfs = canChangeUser && canMount('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs')

t.test('on a tmpfs', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mkdirSync(join(directory, 'data'))
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'size=64k,mode=777', 'tmpfs', join(directory, 'data'))
  t.match(first(directory), { ok: true, filesystem: 'memory', durability: 'ephemeral' })
})

t.test('on a read-only mount, even as root', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mkdirSync(join(directory, 'data'))
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'ro,size=64k,mode=777', 'tmpfs', join(directory, 'data'))
  const [candidate] = fallbackCandidates({ env: {}, cwd: directory })
  t.match(candidate, {
    look: { ok: false, code: 'sqlite-read-only', why: /or its file system is read-only/ },
  })
})

t.test('what was chosen, or holds something, is not passed over in silence', async (t) => {
  const cwd = t.testdir({ data: { 'failsoft.db': 'Dear reader' }, folder: {} })
  const warnings = (env: Record<string, string>): string[] =>
    resolveDatabaseConfig({ env: { SPACE_ID: 'a/b', ...env }, cwd }).warnings.map(({ code }) => code)
  t.same(warnings({}), ['sqlite-not-a-database', 'sqlite-ephemeral'])
  t.same(warnings({ SQLITE_PATH: 'folder' }), [
    'sqlite-cannot-open',
    'sqlite-not-a-database',
    'sqlite-ephemeral',
  ])
  makeDatabase(join(cwd, 'failsoft.db'), 'create table a (b); insert into a values (1)')
  t.same(warnings({}), ['sqlite-not-a-database', 'fallback-has-data', 'sqlite-ephemeral'])
})

t.test('what is no path in SQLITE_PATH is not made a file name', async (t) => {
  const cwd = t.testdir({})
  for (const value of ['postgres://u:s3cret@h/d', 'undefined', 'null', 5, {}, Symbol('s')]) {
    const env = { SQLITE_PATH: value } as unknown as Record<string, string>
    const config = resolveDatabaseConfig({ env, cwd })
    t.match(config, {
      target: { filename: join(cwd, 'data/failsoft.db') },
      warnings: [{ code: 'sqlite-cannot-open', message: 'SQLITE_PATH cannot be opened.' }],
    })
    t.match(
      config.trace.find(({ outcome }) => outcome === 'refused'),
      { subject: 'SQLITE_PATH', why: /^it / },
    )
  }
})

t.test('a directory that has the name of a variable is nobody’s wish', async (t) => {
  const cwd = t.testdir({})
  for (const value of [
    '${DATA}/x.db',
    '{{data}}',
    '$HOME/x.db',
    '~/x.db',
    'a/%DATA%/x.db',
    'sqlite:~/x.db',
  ]) {
    t.match(resolveDatabaseConfig({ env: { SQLITE_PATH: value }, cwd }), {
      target: { filename: join(cwd, 'data/failsoft.db') },
      warnings: [{ code: 'unexpanded-variable', message: /^SQLITE_PATH holds the name of a variable/ }],
    })
  }
  const cleaned = resolveDatabaseConfig({ env: { SQLITE_PATH: ' "x.db"\n' }, cwd })
  t.match(cleaned, { target: { filename: join(cwd, 'x.db') } })
  t.match(
    cleaned.warnings.map(({ code }) => code),
    ['surrounding-whitespace', 'wrapped-in-quotes'],
  )
})

t.test('a temporary directory that cannot be used', async (t) => {
  const directory = t.testdir({ file: '' })
  const inTmp = (TMPDIR: string) => fallbackCandidates({ env: { TMPDIR }, cwd: directory }).at(-2)
  t.match(inTmp(join(directory, 'file')), { look: { ok: false } })
  const path = inTmp(directory)!.location.filename
  mkdirSync(join(path, '..'), { mode: 0o777 })
  chmodSync(join(path, '..'), 0o777)
  t.match(inTmp(directory), { look: { ok: false, code: 'sqlite-cannot-open', why: /this user alone/ } })
})

const source = newFolder()
const canFuse = canChangeUser && canMount('bindfs', source)

t.test('on a FUSE mount', { skip: !canFuse && 'needs bindfs' }, async (t) => {
  const directory = openDirectory(t)
  own(directory, 'data')
  own(directory, 'behind')
  mount(t, 'bindfs', join(directory, 'behind'), join(directory, 'data'))
  t.match(first(directory), { ok: true, filesystem: 'network', filename: `${directory}/data/failsoft.db` })
  const onSpace = look(directory, { env: { SPACE_ID: 'a/b' } })
  const sqlite = { directories: [join(directory, 'data')] }
  const config = resolveDatabaseConfig({ env: { SPACE_ID: 'a/b' }, sqlite })
  t.match(config.explain(), /Durability +bucket: .* The file system is a network or FUSE one/)
  t.match(
    onSpace[0],
    { ok: true, durability: 'bucket', filename: `${directory}/data/failsoft.db` },
    'a bucket comes first',
  )
})
