import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveDatabaseConfig } from 'failsoft'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { describeIntruder, isShared } from '#lib/resolve/shared-place.js'
import { asUser, canChangeUser, openDirectory, userId } from './as-user.js'

const third = 4711

/** A directory, and a file in it, with owners and modes. */
function place(
  t: Parameters<typeof openDirectory>[0],
  { uid, mode, fileUid }: { uid: number; mode: number; fileUid?: number },
): string {
  const directory = join(openDirectory(t), 'data')
  mkdirSync(directory)
  const filename = join(directory, 'x.db')
  if (fileUid !== undefined) {
    writeFileSync(filename, '')
    chownSync(filename, fileUid, fileUid)
    chmodSync(filename, 0o666)
  }
  chownSync(directory, uid, uid)
  chmodSync(directory, mode)
  return filename
}

t.test('a file that somebody else could have made', { skip: !canChangeUser && 'needs root' }, async (t) => {
  for (const { name, want, ...made } of [
    { name: 'a directory of mine', uid: userId, mode: 0o755, want: null },
    { name: 'one that root opened to everybody', uid: 0, mode: 0o777, want: null },
    { name: 'one with the sticky bit', uid: third, mode: 0o1777, want: null },
    { name: 'one of a third user, open to everybody', uid: third, mode: 0o777, want: /everybody may write/ },
    { name: 'one of mine, open to everybody', uid: userId, mode: 0o777, want: /everybody may write/ },
    { name: 'a file of mine', uid: 0, mode: 0o1777, fileUid: userId, want: null },
    { name: 'a file of root', uid: 0, mode: 0o1777, fileUid: 0, want: null },
    { name: 'a file of a third user', uid: 0, mode: 0o1777, fileUid: third, want: /belongs to user 4711/ },
  ]) {
    const filename = place(t, made)
    const script = `const { describeIntruder } = await import(lib('resolve/shared-place.js'))
      print(describeIntruder(${JSON.stringify(filename)}) ?? null)`
    t.match(asUser('/', script), want, name)
    const choose = `const { resolveDatabaseConfig } = await import(lib('index.js'))
      print(resolveDatabaseConfig({ env: { SQLITE_PATH: ${JSON.stringify(filename)} } }))`
    const config = asUser('/', choose) as { target: { filename: string }; warnings: { code: string }[] }
    t.equal(config.target.filename === filename, want === null, `${name}: chosen`)
    t.equal(
      config.warnings.some(({ code }) => code === 'sqlite-cannot-open'),
      want !== null,
      `${name}: said`,
    )
  }
})

t.test(
  'what looking refuses, connecting does not take',
  { skip: !canChangeUser && 'needs root' },
  async (t) => {
    for (const { name, want, ...made } of [
      { name: 'a file of a third user', uid: 0, mode: 0o1777, fileUid: third, want: false },
      { name: 'a directory of a third user, open to everybody', uid: third, mode: 0o777, want: false },
      { name: 'one that root opened to everybody', uid: 0, mode: 0o777, want: true },
    ]) {
      const filename = place(t, made)
      const cwd = join(filename, '..', '..')
      chownSync(cwd, userId, userId)
      const script = `const { openDatabase } = await import(lib('knex.js'))
      const env = { SQLITE_PATH: ${JSON.stringify(filename)} }
      const database = openDatabase({ env, cwd, log() {} })
      const { status, location } = await database.connect()
      await database.close()
      print({ status, filename: location?.filename })`
      const state = asUser(cwd, script) as { status: string; filename: string }
      t.equal(state.status, 'fallback', name)
      t.equal(state.filename === filename, want, `${name}: ${state.filename}`)
    }
  },
)

t.test('a symbolic link of a third user', { skip: process.getuid?.() !== 0 && 'needs root' }, async (t) => {
  const filename = place(t, { uid: 0, mode: 0o1777 })
  const link = join(filename, '../link.db')
  writeFileSync(filename, '')
  symlinkSync(filename, link)
  t.equal(describeIntruder(link), undefined)
  execFileSync('chown', ['-h', String(third), link])
  t.match(describeIntruder(link), /belongs to user 4711/)
})

t.test('what lies on a volume may belong to the users of another machine', async (t) => {
  const directory = t.testdir({ 'x.db': '' })
  const mount = { point: directory, root: '/', type: 'ext4', source: '/dev/sda', isReadOnly: false }
  chmodSync(directory, 0o777)
  t.equal(describeIntruder(join(directory, 'x.db'), [mount]), undefined)
})

t.test('a fallback among temporary files is for its owner alone', async (t) => {
  const directory = openDirectory(t)
  const filename = join(directory, 'x.db')
  t.equal(isShared(filename), true)
  await using database = openDatabase({ env: { SQLITE_PATH: filename }, log: () => {} })
  t.match(await database.connect(), { status: 'fallback', location: { filename } })
  await database.knex.schema.createTable('a', (table) => void table.integer('b'))
  for (const suffix of ['', '-wal', '-shm']) t.equal(statSync(filename + suffix).mode & 0o077, 0, suffix)
})

t.test('also where the program starts among them', async (t) => {
  const cwd = openDirectory(t)
  await using database = openDatabase({ env: {}, cwd, strategy: 'always', log: () => {} })
  const filename = join(cwd, 'data/failsoft.db')
  t.match(await database.connect(), { status: 'fallback', location: { filename } })
  await database.knex.schema.createTable('a', (table) => void table.integer('b'))
  for (const suffix of ['', '-wal', '-shm']) t.equal(statSync(filename + suffix).mode & 0o077, 0, suffix)
})

t.test('what is no place for files', async (t) => {
  const cwd = t.testdir({ folder: {} })
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  for (const path of [
    '/proc/x.db',
    '/proc/self/task/x.db',
    '/proc/self/nowhere/deep/x.db',
    '/sys/x.db',
    '/dev/zero',
    'pipe',
    'folder',
    `/${'x'.repeat(5000)}`,
    `${'y'.repeat(300)}.db`,
  ]) {
    const config = resolveDatabaseConfig({ env: { SQLITE_PATH: path }, cwd })
    t.match(
      config,
      { kind: 'fallback', target: { filename: join(cwd, 'data/failsoft.db') } },
      path.slice(0, 40),
    )
    t.match(config.warnings[0]?.code, /^sqlite-/, path.slice(0, 40))
    await using database = openDatabase({ env: { SQLITE_PATH: path }, cwd, log: () => {} })
    t.match(await database.connect(), {
      status: 'fallback',
      location: { filename: join(cwd, 'data/failsoft.db') },
    })
    await using configured = openDatabase({ env: { DATABASE_URL: `sqlite:${path}` }, cwd, log: () => {} })
    t.match(await configured.connect(), { status: 'unavailable' })
  }
})
