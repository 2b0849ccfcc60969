import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { newFolder } from '../new-folder.js'
import { plainNode } from '../plain-node.ts'

const driver = createRequire(import.meta.url).resolve('better-sqlite3')
const library = new URL('../../dist/knex.js', import.meta.url).href

/** The thread of the replica meets a disk that fails once, when it is about to hold the log again. SQLite rolls back then. */
const fault = `
  const { isMainThread } = require('node:worker_threads')
  const { prototype } = require(${JSON.stringify(driver)})
  const { prepare } = prototype
  let reads = 0
  if (!isMainThread)
    prototype.prepare = function (sql) {
      if (!sql.includes('sqlite_schema') || ++reads !== 2) return prepare.call(this, sql)
      prepare.call(this, 'rollback').run()
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' })
    }`

/** Writes, and says how often the log was begun anew. */
const program = `
  import { openSync, readSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  const [, , folder] = process.argv
  const { openDatabase } = await import(${JSON.stringify(library)})
  const url = 'sqlite:' + folder + '/app.db'
  const sqlite = { replica: 'file://' + folder + '/replica', replicaIntervalMs: 50 }
  const database = openDatabase({ url, env: {}, sqlite, sqliteDriver: 'better-sqlite3', strategy: 'never', log: () => {} })
  await database.connect()
  await database.knex.raw('create table bodies (body blob)')
  const log = openSync(folder + '/app.db-wal')
  const salts = new Set()
  for (let rows = 0; rows < 150 && salts.size < 4; rows++) {
    await database.knex.raw('insert into bodies values (randomblob(1000000))')
    const header = Buffer.alloc(32)
    readSync(log, header, 0, 32, 0)
    salts.add(header.toString('hex', 16, 24))
    await sleep(20)
  }
  await database.close()
  console.log(salts.size - 1)`

t.test('after a read that failed, the log is moved into the file as before', async (t) => {
  const folder = newFolder()
  mkdirSync(join(folder, 'replica'))
  const [faulty, writer] = [join(folder, 'fault.cjs'), join(folder, 'writer.mjs')]
  writeFileSync(faulty, fault)
  writeFileSync(writer, program)
  const { stdout } = await promisify(execFile)(...plainNode('--require', faulty, writer, folder))
  t.equal(stdout, '3\n')
})
