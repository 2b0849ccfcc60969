import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { claimLocation } from '#lib/engine/sqlite/claim-location.js'
import t from 'tap'
import { asUser, canChangeUser, canMount, mount, openDirectory, userId } from '../../resolve/as-user.ts'

interface Database {
  exec(sql: string): void
  close(): void
}
const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => Database

const place = (filename: string, isPrivate = false): Parameters<typeof claimLocation>[0] => ({
  location: { filename, durability: 'unknown', filesystem: 'local' },
  isPrivate,
})

/** The same as an ordinary user, in a directory of root's; several places one after another. */
function claimAsUser(directory: string, ...places: [name: string, isPrivate?: boolean][]): unknown[] {
  const list = places.map(([name, isPrivate]) => place(join(directory, name), isPrivate))
  return asUser(
    directory,
    `const { claimLocation } = await import(lib('engine/sqlite/claim-location.js'))
     const claims = []
     for (const candidate of ${JSON.stringify(list)}) claims.push(await claimLocation(candidate))
     print(claims)`,
  ) as unknown[]
}

t.test('memory is always there', async (t) => {
  t.same(await claimLocation(place(':memory:')), { ok: true, isNew: true })
})

t.test('a new place: the directories and an empty file, and no more', async (t) => {
  const cwd = t.testdir({})
  const path = join(cwd, 'a/b/failsoft.db')
  t.same(await claimLocation(place(path)), { ok: true, isNew: true })
  t.equal(statSync(path).size, 0)
  t.same(readdirSync(join(cwd, 'a/b')), ['failsoft.db'])
  t.same(await claimLocation(place(path)), { ok: true, isNew: true }, 'an empty file is as good as none')
})

t.test('a private place is for this user alone', async (t) => {
  const cwd = t.testdir({})
  const path = join(cwd, 'own/failsoft.db')
  t.same(await claimLocation(place(path, true)), { ok: true, isNew: true })
  t.equal(statSync(join(cwd, 'own')).mode & 0o777, 0o700)
  t.equal(statSync(path).mode & 0o777, 0o600)
  symlinkSync('own', join(cwd, 'link'))
  t.match(await claimLocation(place(join(cwd, 'link/failsoft.db'), true)), {
    ok: false,
    problem: { code: 'sqlite-cannot-open' },
    mayPassOver: true,
  })
})

t.test('a database is left as it is', async (t) => {
  const path = join(t.testdir({}), 'failsoft.db')
  const database = new Sqlite(path)
  database.exec('create table a (b); insert into a values (1)')
  database.close()
  const before = readFileSync(path)
  t.same(await claimLocation(place(path)), { ok: true, isNew: false })
  t.same(readFileSync(path), before)
})

t.test('many at once agree on one file', async (t) => {
  const path = join(t.testdir({}), 'data/failsoft.db')
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimLocation(place(path))))
  t.ok(claims.every(({ ok }) => ok))
  t.same(readdirSync(join(path, '..')), ['failsoft.db'])
})

t.test('what is no database stays where it is, and the next may be taken', async (t) => {
  const cwd = t.testdir({ 'letter.db': 'Dear reader', folder: {} })
  const cases = [
    { name: 'letter.db', code: 'sqlite-not-a-database' },
    { name: 'folder', code: 'sqlite-cannot-open' },
    { name: 'letter.db/x.db', code: 'sqlite-directory-missing' },
    { name: 'a\0b', code: 'sqlite-cannot-open' },
  ]
  for (const { name, code } of cases) {
    const claim = await claimLocation(place(`${cwd}/${name}`))
    t.match(claim, { ok: false, problem: { code }, mayPassOver: true, why: /\w/ }, name)
  }
  t.equal(readFileSync(join(cwd, 'letter.db'), 'utf8'), 'Dear reader')
})

t.test('as an ordinary user', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const directory = openDirectory(t)
  mkdirSync(join(directory, 'own'))
  chownSync(join(directory, 'own'), userId, userId)
  mkdirSync(join(directory, 'roots'))
  mkdirSync(join(directory, 'foreign'))
  chmodSync(join(directory, 'foreign'), 0o777)
  const claims = claimAsUser(
    directory,
    ['own/x.db'],
    ['roots/x.db'],
    ['roots/new/x.db'],
    ['foreign/x.db', true],
  )
  t.match(claims, [
    { ok: true, isNew: true },
    { ok: false, problem: { code: 'sqlite-read-only' }, mayPassOver: true },
    { ok: false, problem: { code: 'sqlite-directory-missing' }, mayPassOver: true },
    { ok: false, problem: { code: 'sqlite-cannot-open' }, why: /somebody else/, mayPassOver: true },
  ])
  t.same(readdirSync(join(directory, 'foreign')), [])
})

const canTmpfs = canChangeUser && canMount('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs')

t.test('a full disk', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'size=64k,mode=777', 'tmpfs', directory)
  const database = new Sqlite(join(directory, 'good.db'))
  database.exec('create table a (b)')
  database.close()
  writeFileSync(join(directory, 'ballast'), Buffer.alloc(40_960))
  const fresh = await claimLocation(place(join(directory, 'new.db')))
  t.match(fresh, { ok: false, problem: { code: 'sqlite-full' }, mayPassOver: true }, 'nothing is there yet')
  t.same(
    await claimLocation(place(join(directory, 'good.db'))),
    { ok: true, isNew: false },
    'its driver finds out',
  )
  t.same(
    readdirSync(directory).filter((name) => name.startsWith('.')),
    [],
    'nothing is left behind',
  )
})

t.test('a disk without room for another file', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'size=64k,nr_inodes=1,mode=777', 'tmpfs', directory)
  const full = { ok: false, problem: { code: 'sqlite-full' }, mayPassOver: true }
  t.match(await claimLocation(place(join(directory, 'x.db'))), full)
})

t.test(
  'a path that leaves no room for the journals',
  { skip: process.platform !== 'linux' && 'needs Linux' },
  async (t) => {
    const cwd = openDirectory(t)
    const parts = Array.from({ length: 20 }, () => 'x'.repeat(200)).join('/')
    const directory = join(cwd, parts, 'y'.repeat(4070 - cwd.length - parts.length))
    const refused = {
      ok: false,
      problem: { code: 'sqlite-cannot-open' },
      why: /ENAMETOOLONG/,
      mayPassOver: true,
    }
    t.match(await claimLocation(place(join(directory, 'x.db'))), refused)
  },
)

t.test('a read-only disk', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'ro,size=64k,mode=777', 'tmpfs', directory)
  for (const name of ['x.db', 'new/x.db']) {
    const code = name === 'x.db' ? 'sqlite-read-only' : 'sqlite-directory-missing'
    t.match(await claimLocation(place(join(directory, name))), {
      ok: false,
      problem: { code },
      mayPassOver: true,
    })
  }
})

const source = t.testdir({})
const canFuse = canChangeUser && canMount('bindfs', source)

t.test('a FUSE mount', { skip: !canFuse && 'needs bindfs' }, async (t) => {
  const directory = openDirectory(t)
  for (const name of ['behind', 'front']) mkdirSync(join(directory, name))
  mount(t, 'bindfs', join(directory, 'behind'), join(directory, 'front'))
  t.same(await claimLocation(place(join(directory, 'front/x.db'))), { ok: true, isNew: true })
  t.ok(existsSync(join(directory, 'behind/x.db')))
})

t.test('a disk that does not answer holds up nobody', { skip: !canFuse && 'needs bindfs' }, async (t) => {
  const directory = openDirectory(t)
  for (const name of ['behind', 'front']) mkdirSync(join(directory, name))
  const front = join(directory, 'front')
  // Attributes are not cached, so that every look asks the program behind the mount.
  const bindfs = spawn('bindfs', [
    '-f',
    '-o',
    'attr_timeout=0,entry_timeout=0',
    join(directory, 'behind'),
    front,
  ])
  t.teardown(async () => {
    bindfs.kill('SIGCONT')
    execFileSync('umount', ['--lazy', front])
    bindfs.kill()
    await once(bindfs, 'exit')
  })
  while (!readFileSync('/proc/self/mountinfo', 'utf8').includes(front)) await wait(10)
  bindfs.kill('SIGSTOP')
  const start = performance.now()
  const claim = await claimLocation(place(join(front, 'x.db')), { timeoutMs: 200 })
  const late = {
    ok: false,
    problem: { code: 'sqlite-cannot-open' },
    why: /did not answer within 200 ms/,
    mayPassOver: true,
  }
  t.match(claim, late)
  t.ok(performance.now() - start < 1000)
})
