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
import { prepareLocation, type Place } from '#lib/engine/sqlite/prepare-location.js'
import t from 'tap'
import { asUser, canChangeUser, canMount, mount, openDirectory, userId } from '../../resolve/as-user.ts'
import { newFolder } from '../../new-folder.ts'

interface Database {
  exec(sql: string): void
  close(): void
}
const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => Database

const place = (filename: string): Place => ({ filename, mayCreate: true })

/** As the resolver names a directory in a place that others may write. */
const privateName = 'failsoft-1000-0123456789ab'

/** The same as an ordinary user, in a directory of root's; several places one after another. */
function prepareAsUser(directory: string, ...places: string[]): unknown[] {
  const list = places.map((name) => place(join(directory, name)))
  return asUser(
    directory,
    `const { prepareLocation } = await import(lib('engine/sqlite/prepare-location.js'))
     const results = []
     for (const candidate of ${JSON.stringify(list)}) results.push(await prepareLocation(candidate))
     print(results)`,
  ) as unknown[]
}

t.test('memory is always there', async (t) => {
  t.same(await prepareLocation(place(':memory:')), { ok: true, isNew: true })
})

t.test('a new place: the directories and an empty file, and no more', async (t) => {
  const cwd = t.testdir({})
  const path = join(cwd, 'a/b/failsoft.db')
  t.same(await prepareLocation(place(path)), { ok: true, isNew: true })
  t.equal(statSync(path).size, 0)
  t.same(readdirSync(join(cwd, 'a/b')), ['failsoft.db'])
  t.same(await prepareLocation(place(path)), { ok: true, isNew: true }, 'an empty file is as good as none')
})

t.test('a private place is for this user alone', async (t) => {
  const cwd = t.testdir({})
  const path = join(cwd, privateName, 'failsoft.db')
  t.same(await prepareLocation(place(path)), { ok: true, isNew: true })
  t.equal(statSync(join(cwd, privateName)).mode & 0o777, 0o700)
  t.equal(statSync(path).mode & 0o777, 0o600)
  const link = privateName.replace('1000', '1001')
  symlinkSync(privateName, join(cwd, link))
  t.match(await prepareLocation(place(join(cwd, link, 'failsoft.db'))), {
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
  t.same(await prepareLocation(place(path)), { ok: true, isNew: false })
  t.same(readFileSync(path), before)
})

t.test('a place where nothing may be made is only looked for', async (t) => {
  const cwd = t.testdir({ 'there.db': '' })
  t.same(await prepareLocation({ filename: join(cwd, 'there.db'), mayCreate: false }), {
    ok: true,
    isNew: false,
  })
  t.match(await prepareLocation({ filename: join(cwd, 'new/absent.db'), mayCreate: false }), {
    ok: false,
    problem: { code: 'sqlite-cannot-open' },
    why: 'it does not exist, and may not be made',
    mayPassOver: true,
  })
  t.same(readdirSync(cwd), ['there.db'])
})

t.test('many at once agree on one file', async (t) => {
  const path = join(t.testdir({}), 'data/failsoft.db')
  const results = await Promise.all(Array.from({ length: 20 }, () => prepareLocation(place(path))))
  t.ok(results.every(({ ok }) => ok))
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
    const result = await prepareLocation(place(`${cwd}/${name}`))
    t.match(result, { ok: false, problem: { code }, mayPassOver: true, why: /\w/ }, name)
  }
  t.equal(readFileSync(join(cwd, 'letter.db'), 'utf8'), 'Dear reader')
})

t.test(
  'below /proc a directory is neither found nor made',
  { skip: !existsSync('/proc/self') && 'needs /proc' },
  async (t) => {
    for (const path of ['/proc/failsoft.db', '/proc/nowhere/failsoft.db', '/proc/nowhere/deep/failsoft.db'])
      t.match(await prepareLocation(place(path)), { ok: false }, path)
  },
)

t.test('as an ordinary user', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const directory = openDirectory(t)
  mkdirSync(join(directory, 'own'))
  chownSync(join(directory, 'own'), userId, userId)
  mkdirSync(join(directory, 'roots'))
  mkdirSync(join(directory, privateName))
  chmodSync(join(directory, privateName), 0o777)
  const results = prepareAsUser(directory, 'own/x.db', 'roots/x.db', 'roots/new/x.db', `${privateName}/x.db`)
  t.match(results, [
    { ok: true, isNew: true },
    { ok: false, problem: { code: 'sqlite-read-only' }, mayPassOver: true },
    { ok: false, problem: { code: 'sqlite-directory-missing' }, mayPassOver: true },
    { ok: false, problem: { code: 'sqlite-cannot-open' }, why: /somebody else/, mayPassOver: true },
  ])
  t.same(readdirSync(join(directory, privateName)), [])
})

const canTmpfs = canChangeUser && canMount('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs')

t.test('a full disk', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'size=64k,mode=777', 'tmpfs', directory)
  const database = new Sqlite(join(directory, 'good.db'))
  database.exec('create table a (b)')
  database.close()
  writeFileSync(join(directory, 'ballast'), Buffer.alloc(40_960))
  const fresh = await prepareLocation(place(join(directory, 'new.db')))
  t.match(fresh, { ok: false, problem: { code: 'sqlite-full' }, mayPassOver: true }, 'nothing is there yet')
  t.same(
    await prepareLocation(place(join(directory, 'good.db'))),
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
  t.match(await prepareLocation(place(join(directory, 'x.db'))), full)
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
    t.match(await prepareLocation(place(join(directory, 'x.db'))), refused)
  },
)

t.test('a read-only disk', { skip: !canTmpfs && 'needs to mount a tmpfs' }, async (t) => {
  const directory = openDirectory(t)
  mount(t, 'mount', '-t', 'tmpfs', '-o', 'ro,size=64k,mode=777', 'tmpfs', directory)
  for (const name of ['x.db', 'new/x.db']) {
    const code = name === 'x.db' ? 'sqlite-read-only' : 'sqlite-directory-missing'
    t.match(await prepareLocation(place(join(directory, name))), {
      ok: false,
      problem: { code },
      mayPassOver: true,
    })
  }
})

const source = newFolder()
const canFuse = canChangeUser && canMount('bindfs', source)

t.test('a FUSE mount', { skip: !canFuse && 'needs bindfs' }, async (t) => {
  const directory = openDirectory(t)
  for (const name of ['behind', 'front']) mkdirSync(join(directory, name))
  mount(t, 'bindfs', join(directory, 'behind'), join(directory, 'front'))
  t.same(await prepareLocation(place(join(directory, 'front/x.db'))), { ok: true, isNew: true })
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
  const result = await prepareLocation(place(join(front, 'x.db')), { timeoutMs: 200 })
  const late = {
    ok: false,
    problem: { code: 'sqlite-cannot-open' },
    why: /did not answer within 200 ms/,
    mayPassOver: true,
  }
  t.match(result, late)
  t.ok(performance.now() - start < 1000)
})
