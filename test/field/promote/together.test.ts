import { join } from 'node:path'
import t from 'tap'
import { open, temporaryDirectory } from '../../engine/sqlite/open.js'
import { openUrl, rowsIn } from '../../promote/places.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { promoteInProcess } from './process.js'

const table = 'create table notes (id integer primary key, body varchar(20))'
const rows = 5000
const ways = [
  { way: 'in one transaction', more: [] },
  { way: 'in chunks', more: ['0'] },
]

async function urls(): Promise<string[]> {
  const postgres = await startPostgres()
  t.teardown(() => postgres.remove())
  const mariadb = await startMariadb()
  if (!('skip' in mariadb)) t.teardown(() => mariadb.remove())
  const file = `sqlite:${join(temporaryDirectory(t), 'primary.db')}`
  return [postgres.url, file, ...('skip' in mariadb ? [] : [mariadb.url])]
}

const cases = (await urls()).flatMap((url) => ways.map((way) => ({ url, ...way })))
for (const { url, way, more } of cases) {
  const name = `${new URL(url).protocol} three promotions at once, ${way}`
  void t.test(name, { timeout: 600_000 }, async (t) => {
    const primary = openUrl(t, url)
    for (let round = 0; round < 5; round++) {
      for (const name of ['notes', 'failsoft_promotions']) await primary.schema.dropTableIfExists(name)
      await primary.raw(table)
      const filename = join(temporaryDirectory(t), 'stand-in.db')
      const standIn = open(t, { filename, driver: 'better-sqlite3' })
      await standIn.raw(table)
      await standIn.raw(
        `insert into notes with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) select i, 'note ' || i from n`,
      )
      const args = [`sqlite:${filename}`, url, ...more]
      const reports = await Promise.all([1, 2, 3].map(() => promoteInProcess(args)))
      for (const report of reports.filter((one) => !one?.done)) {
        t.strictSame(report?.differences, [], String(report?.problem?.message))
        t.match(report?.problem?.message, /Another promotion|database is locked/, 'why it ended')
      }
      t.match(await promoteInProcess(args), { done: true, differences: [] })
      const sql = 'select count(*) as n, count(distinct id) as ids, sum(id) as total from notes'
      const [found] = await rowsIn(primary, sql)
      const want = [rows, rows, (rows * (rows + 1)) / 2]
      t.strictSame(Object.values(found!).map(Number), want, 'every row once')
    }
  })
}
