import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { resolveDatabaseConfig } from 'failsoft'
import { lookAtFile } from '#lib/resolve/look-at-file.js'
import { isOpenHere } from '#lib/resolve/open-here.js'
import t from 'tap'
import { plainNode } from '../plain-node.ts'

interface Database {
  exec(sql: string): void
  close(): void
}
const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => Database

/** Whether another process can begin a write transaction, which it must not while this one has one. */
function canOthersWrite(path: string): boolean {
  const script = `
    const db = new (require('better-sqlite3'))(${JSON.stringify(path)}, { timeout: 0 })
    try { db.exec('begin immediate; rollback'); console.log('yes') } catch (error) { console.log(error.code) }`
  return execFileSync(...plainNode('--eval', script), { encoding: 'utf8' }).trim() === 'yes'
}

t.test(
  'a database that this process has open keeps its locks',
  { skip: process.platform === 'win32' },
  async (t) => {
    const cwd = t.testdir({ data: {} })
    const path = join(cwd, 'data/failsoft.db')
    const database = new Sqlite(path)
    t.teardown(() => database.close())
    database.exec('create table a (b); insert into a values (1)')
    database.exec('begin immediate; insert into a values (2)')
    t.equal(canOthersWrite(path), false, 'the lock is held')

    t.match(lookAtFile(path), { ok: true, state: 'open', why: /this program has it open/ })
    t.match(resolveDatabaseConfig({ env: {}, cwd }), { kind: 'fallback', target: { filename: path } })
    linkSync(path, join(cwd, 'other-name.db'))
    t.match(lookAtFile(join(cwd, 'other-name.db')), { state: 'open' }, 'by another name too')
    t.equal(canOthersWrite(path), false, 'and still is after looking')

    readFileSync(path)
    t.equal(canOthersWrite(path), true, 'while reading the file would have dropped it')
  },
)

t.test('a file that nobody has open', async (t) => {
  const cwd = t.testdir({ file: 'x' })
  t.equal(isOpenHere(statSync(join(cwd, 'file'))), false)
})

t.test('where the descriptors cannot be listed, a file may be open', async (t) => {
  const file = statSync(join(t.testdir({ file: 'x' }), 'file'))
  t.equal(isOpenHere(file, ['/nowhere']), process.platform !== 'win32')
  t.equal(isOpenHere(file, ['/nowhere', '/proc/self/fd', '/dev/fd']), false)
})
