import t from 'tap'
import { startMariadb } from '../servers/mariadb.js'
import { openUrl, promote, remake, standInWith } from './places.js'

const mariadb = await startMariadb()
const url = 'skip' in mariadb ? undefined : mariadb.url
const skip = 'skip' in mariadb && mariadb.skip
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const moments = [0, 1_700_000_000_123, Date.UTC(2024, 1, 29, 23, 30)]
const texts = ["'2024-02-29 12:00:00'", "'2024-02-29T12:00:00.000Z'", "'2024-02-29T14:00:00+02:00'"]
const noon = Date.UTC(2024, 1, 29, 12)

for (const zone of ['Z', 'local', '+02:00', '-05:30']) {
  void t.test(`timezone=${zone}: the program reads the times that it wrote`, { skip }, async (t) => {
    const primary = openUrl(t, `${url}?timezone=${encodeURIComponent(zone)}`)
    const place = { dialect: 'mysql', primary } as const
    await remake(place, ['create table times (id integer primary key, v datetime(6))'])
    const values = [...moments, ...texts].map((value, id) => `(${id}, ${value})`)
    const standIn = await standInWith(t, [
      'create table times (id integer primary key, v datetime)',
      `insert into times values ${values.join(', ')}`,
    ])
    const report = await promote(standIn, place)
    t.ok(report.done)
    const rows = await primary<{ id: number; v: Date }>('times').orderBy('id')
    t.strictSame(
      rows.map(({ v }) => v.getTime()),
      [...moments, noon, noon, noon],
    )
  })
}
