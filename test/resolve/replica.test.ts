import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { resolveDatabaseConfig, type ResolveOptions } from 'failsoft'
import { lookAround } from '#lib/resolve/sqlite-location.js'
import { eachCandidate } from '#lib/resolve/fallback-candidates.js'
import { newFolder } from '#test/new-folder.js'
import t from 'tap'

const cwd = newFolder()
const replica = `file://${cwd}/replica`
const keys = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's3cret' }
const resolve = (env: ResolveOptions['env'], options: ResolveOptions = {}) =>
  resolveDatabaseConfig({ env: { ...env }, strategy: 'always', cwd, ...options })

void t.test('a replica is read from the variable or the option', async (t) => {
  const cases: readonly {
    name: string
    env?: Record<string, string>
    sqlite?: ResolveOptions['sqlite']
    want: unknown
  }[] = [
    { name: 'none', want: undefined },
    { name: 'a blank one', env: { SQLITE_REPLICA: ' ' }, want: undefined },
    {
      name: 'a directory',
      env: { SQLITE_REPLICA: replica },
      want: { url: replica, intervalMs: 1000, durableAfterMs: 0 },
    },
    {
      name: 'quotes around it',
      env: { SQLITE_REPLICA: ` "${replica}" ` },
      want: { url: replica, intervalMs: 1000, durableAfterMs: 0 },
    },
    {
      name: 'the option beats the variable',
      env: { SQLITE_REPLICA: 'nonsense' },
      sqlite: { replica, replicaIntervalMs: 250 },
      want: { url: replica, intervalMs: 250, durableAfterMs: 0 },
    },
    {
      name: 'the interval alone',
      env: { SQLITE_REPLICA: replica },
      sqlite: { replicaIntervalMs: 250 },
      want: { url: replica, intervalMs: 250, durableAfterMs: 0 },
    },
    {
      name: 'a bucket',
      env: { SQLITE_REPLICA: 's3://bucket/todo', ...keys },
      want: { url: 's3://bucket/todo', intervalMs: 1000, durableAfterMs: 0 },
    },
    {
      name: 'a gateway',
      env: { SQLITE_REPLICA: 's3://bucket?endpoint=https://s3.hf.co/me&region=us-east-1', ...keys },
      want: {
        url: 's3://bucket?endpoint=https://s3.hf.co/me&region=us-east-1',
        intervalMs: 1000,
        durableAfterMs: 0,
      },
    },
  ]
  for (const { name, env = {}, sqlite = {}, want } of cases) {
    const config = resolve(env, { sqlite })
    t.strictSame(config.replica, want, name)
    t.equal(config.kind, 'fallback', name)
    const durability = config.kind === 'fallback' ? config.location.durability : ''
    t.equal(durability === 'replicated', want !== undefined, name)
    t.notMatch(JSON.stringify(config) + config.explain(), /s3cret|AKIA1/, name)
  }
})

void t.test('an address that names no replica is a problem, and no file is begun', async (t) => {
  const wrong: readonly { name: string; url: string; env?: Record<string, string>; want: RegExp }[] = [
    { name: 'a path', url: '/data/todo', want: /file:\/\/\/DIRECTORY/ },
    { name: 'a relative one', url: 'file:data/todo', want: /file:\/\/\/DIRECTORY/ },
    { name: 'a host', url: 'file://host/data', want: /file:\/\/\/DIRECTORY/ },
    { name: 'the root', url: 'file:///', want: /file:\/\/\/DIRECTORY/ },
    { name: 'an encoded slash', url: 'file:///a%2Fb', want: /file:\/\/\/DIRECTORY/ },
    { name: 'another scheme', url: 'https://bucket/todo', want: /file:\/\/\/DIRECTORY/ },
    { name: 'a password', url: 's3://AKIA1:s3cret@bucket/todo', want: /AWS_ACCESS_KEY_ID/ },
    { name: 'an unknown parameter', url: 's3://bucket/todo?secret=s3cret', want: /endpoint=/ },
    { name: 'no bucket', url: 's3:///todo', want: /name of a bucket/ },
    { name: 'a prefix that needs escapes', url: 's3://bucket/to%20do', want: /in the prefix/ },
    { name: 'a prefix that climbs', url: 's3://bucket/a//b', want: /in the prefix/ },
    { name: 'an endpoint that is none', url: 's3://bucket/todo?endpoint=s3.hf.co', want: /https:\/\/HOST/ },
    {
      name: 'an endpoint with a password',
      url: 's3://bucket/todo?endpoint=https://u:s3cret@h',
      want: /https:\/\/HOST/,
    },
    {
      name: 'no credentials',
      url: 's3://bucket/todo',
      env: { AWS_ACCESS_KEY_ID: '' },
      want: /a key and its secret/,
    },
  ]
  for (const { name, url, env = keys, want } of wrong) {
    const config = resolve({ ...env, SQLITE_REPLICA: url })
    t.match(
      config,
      { kind: 'unresolved', reason: 'malformed', problem: { code: 'invalid-parameter', hint: want } },
      name,
    )
    t.notMatch(JSON.stringify(config) + config.explain(), /s3cret/, name)
    const server = resolve({ ...env, SQLITE_REPLICA: url, DATABASE_URL: 'postgres://a@b/c' })
    t.equal(server.kind, 'primary', name)
    t.ok(
      server.warnings.some(({ code }) => code === 'invalid-parameter'),
      `${name}: a server needs no replica`,
    )
    const [candidate, ...others] = eachCandidate({ env: { ...env, SQLITE_REPLICA: url }, cwd })
    t.match(candidate, { look: { ok: false }, problem: { code: 'invalid-parameter' } }, name)
    t.strictSame(others, [], name)
  }
})

void t.test('a database that cannot be copied is refused beside a replica', async (t) => {
  const cases: readonly { name: string; env: Record<string, string>; want: RegExp }[] = [
    { name: 'in memory', env: { SQLITE_PATH: ':memory:' }, want: /a database in memory cannot be copied/ },
    { name: 'configured in memory', env: { DATABASE_URL: 'sqlite::memory:' }, want: /a database in memory/ },
    {
      name: 'another journal',
      env: { DATABASE_URL: 'sqlite:x.db?journal_mode=delete' },
      want: /wal beside a replica/,
    },
    { name: 'read-only', env: { DATABASE_URL: 'sqlite:x.db?mode=ro' }, want: /rwc beside a replica/ },
  ]
  for (const { name, env, want } of cases) {
    const config = resolve({ ...env, SQLITE_REPLICA: replica })
    t.match(config, { kind: 'unresolved', problem: { code: 'invalid-parameter', hint: want } }, name)
    t.notOk(
      config.warnings.some(({ code }) => code === 'invalid-parameter'),
      `${name}: said once`,
    )
  }
  t.match(resolve({ DATABASE_URL: 'sqlite:x.db?journal_mode=WAL', SQLITE_REPLICA: replica }), {
    kind: 'primary',
    replica: { url: replica },
  })
  const broken = resolve({ DATABASE_URL: 'postgres//h', SQLITE_PATH: ':memory:', SQLITE_REPLICA: replica })
  t.match(
    broken,
    { kind: 'unresolved', problem: { code: 'missing-scheme' } },
    'the first problem is the one of the server',
  )
  t.ok(broken.warnings.some(({ code }) => code === 'invalid-parameter'))
})

void t.test('beside a replica the file lives on a local file system', async (t) => {
  const machine = lookAround({})
  const bucket = { point: '/bucket', root: '/', type: 'fuse.hf-mount', source: 'hf', isReadOnly: false }
  const nfs = { point: join(cwd, 'net'), root: '/', type: 'nfs4', source: 'server:/x', isReadOnly: false }
  mkdirSync(join(cwd, 'net'))
  const around = { ...machine, mounts: [...(machine.mounts ?? []), bucket, nfs] }
  const env = { SQLITE_REPLICA: replica }
  const filenames = (options: ResolveOptions): string[] =>
    [...eachCandidate(options, around)].map(({ location }) => location.filename)
  t.notMatch(filenames({ env, cwd }), [/bucket|memory/])
  t.equal(filenames({ env, cwd })[0], join(cwd, 'data', 'failsoft.db'))
  t.equal(filenames({ env: {}, cwd })[0], '/bucket/failsoft.db', 'without one the bucket comes first')
  const named = [...eachCandidate({ env: { ...env, SQLITE_PATH: join(cwd, 'net', 'x.db') }, cwd }, around)]
  t.equal(named.length, 1, 'no other is taken in its place')
  t.match(named[0], {
    origin: 'SQLITE_PATH',
    problem: { code: 'invalid-parameter', hint: /network or FUSE/ },
  })
  const listed = [...eachCandidate({ env, cwd, sqlite: { directories: [join(cwd, 'net')] } }, around)]
  t.match(listed, [{ problem: { code: 'invalid-parameter' } }])
})

void t.test('what is said of it', async (t) => {
  const config = resolve({ SQLITE_REPLICA: replica })
  t.match(config.explain(), new RegExp(`Replica +${replica}: .* every 1000 ms`))
  t.match(config.explain(), /Durability +replicated: /)
  t.match(config.trace.at(-1), { subject: 'SQLITE_REPLICA', outcome: 'taken' })
  const ofReplica = config.warnings.filter(({ message }) => message.startsWith('The replica'))
  t.match(ofReplica, [{ code: 'sqlite-ephemeral' }], 'a replica among the temporary files')
  t.notOk(
    config.warnings.some(({ message }) => message.startsWith('The SQLite file')),
    'the file itself is copied',
  )
  const primary = resolve({ DATABASE_URL: 'sqlite:x.db', SQLITE_REPLICA: `s3://bucket/todo`, ...keys })
  t.strictSame(primary.warnings, [])
  t.throws(
    () => resolve({}, { sqlite: { replicaIntervalMs: 0 } }),
    /replicaIntervalMs must be a number from 10/,
  )
  t.throws(
    () => resolve({}, { sqlite: { replica: 1 as unknown as string } }),
    /options\.sqlite\.replica must be a string/,
  )
})
