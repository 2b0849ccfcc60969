import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lookAtFile } from '#lib/resolve/look-at-file.js'
import t from 'tap'
import { temporaryDirectory } from '../../../engine/sqlite/open.js'
import { plainNode } from '../../../plain-node.ts'

t.setTimeout(120_000)

/** Writes, moves the log into the file, and now and then makes the file smaller, until it is ended. */
const writer = (path: string): string => `
  const Sqlite = require('better-sqlite3')
  const work = (sql) => {
    const db = new Sqlite(${JSON.stringify(path)})
    db.exec(sql)
    db.pragma('wal_checkpoint(truncate)')
    db.close()
  }
  const kept = new Sqlite(${JSON.stringify(path)})
  kept.pragma('journal_mode = wal')
  kept.exec('create table a (b)')
  const more = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000) insert into a select randomblob(50) from n'
  for (let round = 1; ; round++) work(round % 20 === 0 ? 'delete from a; vacuum' : more)`

void t.test('a database is whole however often one looks while another process writes to it', async (t) => {
  const path = join(temporaryDirectory(t), 'x.db')
  const child = spawn(...plainNode('--eval', writer(path)), { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  while (!existsSync(`${path}-wal`)) await sleep(20)
  const seen = new Map<string, number>()
  const until = performance.now() + 15_000
  while (performance.now() < until) {
    const look = lookAtFile(path)
    const what = look.ok ? look.state : look.why
    seen.set(what, (seen.get(what) ?? 0) + 1)
  }
  t.equal(child.exitCode, null, 'it writes until the end')
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.comment(Object.fromEntries(seen))
  t.strictSame([...seen.keys()], ['database'])
})
