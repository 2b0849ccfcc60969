import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { lookAtFile } from '#lib/resolve/look-at-file.js'
import { lookAtHeader, type HeaderLook } from '#lib/resolve/sqlite-header.js'
import t from 'tap'
import { plainNode } from '../plain-node.ts'
import { newFolder } from '../new-folder.ts'

interface Database {
  exec(sql: string): void
  close(): void
}
const require = createRequire(import.meta.url)
const Sqlite = require('better-sqlite3') as new (path: string) => Database

const directory = newFolder()
let count = 0

/** A real file that SQLite made. */
function make(...statements: string[]): string {
  const path = join(directory, `${count++}.db`)
  const database = new Sqlite(path)
  for (const sql of statements) database.exec(sql)
  database.close()
  return path
}

function look(path: string, hasJournal = false): HeaderLook {
  return lookAtHeader(path, () => hasJournal)
}

const tables: { name: string; sql: string[]; want: boolean }[] = [
  { name: 'none', sql: ['pragma user_version = 1'], want: false },
  { name: 'a table', sql: ['create table a (b)'], want: true },
  { name: 'small pages', sql: ['pragma page_size = 512', 'create table a (b)'], want: true },
  { name: 'one large page', sql: ['pragma page_size = 65536', 'pragma user_version = 1'], want: false },
  { name: 'large pages', sql: ['pragma page_size = 65536', 'create table a (b)'], want: true },
]
for (const { name, sql, want } of tables) {
  t.same(look(make(...sql)), { kind: 'database', hasTables: want }, `tables: ${name}`)
}

t.test('a log that was left behind may hold all that was ever written', async (t) => {
  const path = join(directory, 'left.db')
  const script = `
    const db = new (require('better-sqlite3'))(${JSON.stringify(path)})
    db.pragma('journal_mode = wal')
    db.exec('create table a (b); insert into a values (1)')
    process.kill(process.pid, 'SIGKILL')`
  t.throws(() => execFileSync(...plainNode('--eval', script), { stdio: 'ignore', cwd: process.cwd() }))
  t.ok(readdirSync(directory).includes('left.db-wal'), 'the log is there')
  t.match(lookAtFile(path), { ok: true, state: 'database', mayHoldRows: true, why: /-wal beside it/ })
})

t.test('a file that another process makes smaller meanwhile is not cut off', async (t) => {
  const path = make('create table a (b)', 'insert into a values (zeroblob(100000))')
  const before = statSync(path).size
  const shrink = (): boolean => {
    const script = `
      const db = new (require('better-sqlite3'))(${JSON.stringify(path)})
      db.exec('delete from a; vacuum')
      db.close()`
    execFileSync(...plainNode('--eval', script), { cwd: process.cwd() })
    return false
  }
  t.match(lookAtHeader(path, shrink), { kind: 'database' })
  t.ok(statSync(path).size < before)
})

const intact = readFileSync(make('create table a (b)', 'insert into a values (1)'))
const damages: { name: string; at: number; bytes: number[] }[] = [
  { name: 'a page size of 0', at: 16, bytes: [0, 0] },
  { name: 'a page size that is no power of two', at: 16, bytes: [3, 232] },
  { name: 'impossible fractions', at: 21, bytes: [1] },
  { name: 'an impossible schema format', at: 44, bytes: [9, 9, 9, 9] },
  { name: 'an impossible encoding', at: 56, bytes: [0, 0, 0, 9] },
]
for (const { name, at, bytes } of damages) {
  const copy = Buffer.from(intact)
  copy.set(bytes, at)
  const path = join(directory, 'damaged.db')
  writeFileSync(path, copy)
  t.match(look(path), { kind: 'corrupt', why: /impossible/ }, name)
}

t.test('a file that was cut off', async (t) => {
  const path = join(directory, 'cut.db')
  writeFileSync(path, intact.subarray(0, 4096))
  t.match(look(path), { kind: 'corrupt', why: /cut off: 4096 of 8192 bytes/ })
  t.match(look(path, true), { kind: 'database' }, 'but a journal may hold the rest')
})

t.test('bytes that make no sense further in are for SQLite to judge', async (t) => {
  const path = join(directory, 'nonsense.db')
  for (let seed = 1; seed <= 200; seed++) {
    const copy = Buffer.from(intact)
    for (let at = 100; at < copy.length; at++) copy[at] = (at * seed * 2_654_435_761) >>> 13
    copy[100] = 13
    writeFileSync(path, copy)
    if (look(path).kind !== 'database') t.fail(`seed ${seed}`)
  }
  t.pass('no exception')
})

t.test('what is no database', async (t) => {
  const path = join(directory, 'other')
  for (const text of ['x', 'SQLite format 3\0', 'SQLite format 2\0'.padEnd(4096), '\0'.repeat(4096)]) {
    writeFileSync(path, text)
    t.match(look(path), { kind: 'not-a-database' }, JSON.stringify(text.slice(0, 20)))
  }
})
