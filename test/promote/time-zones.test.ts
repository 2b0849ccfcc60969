import t from 'tap'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { openUrl, promote, remake, standInWith } from './places.js'

const mariadb = await startMariadb()
const url = 'skip' in mariadb ? undefined : mariadb.url
const skip = 'skip' in mariadb && mariadb.skip
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const moments = [0, 1_700_000_000_123, Date.UTC(2024, 1, 29, 23, 30)]
const texts = ["'2024-02-29 12:00:00'", "'2024-02-29T12:00:00.000Z'", "'2024-02-29T14:00:00+02:00'"]
const noon = Date.UTC(2024, 1, 29, 12)

/** As a program makes it that means a day. */
function midnightIn(zone: string): number {
  return new Date(`2024-02-29T00:00:00${zone === 'local' ? '' : zone}`).getTime()
}

for (const zone of ['Z', 'local', '+02:00', '-05:30']) {
  void t.test(`timezone=${zone}: the program reads the times that it wrote`, { skip }, async (t) => {
    const primary = openUrl(t, `${url}?timezone=${encodeURIComponent(zone)}`)
    const place = { dialect: 'mysql', primary } as const
    await remake(place, [
      'create table times (id integer primary key, v datetime(6))',
      'create table days (id integer primary key, v date)',
    ])
    const values = [...moments, ...texts].map((value, id) => `(${id}, ${value})`)
    const standIn = await standInWith(t, [
      'create table times (id integer primary key, v datetime)',
      `insert into times values ${values.join(', ')}`,
      'create table days (id integer primary key, v date)',
      `insert into days values (0, ${midnightIn(zone)})`,
    ])
    const report = await promote(standIn, place)
    t.ok(report.done)
    const rows = await primary<{ id: number; v: Date }>('times').orderBy('id')
    t.strictSame(
      rows.map(({ v }) => v.getTime()),
      [...moments, noon, noon, noon],
    )
    const [day] = await primary<{ id: number; v: Date }>('days')
    t.equal(day?.v.getTime(), midnightIn(zone))
  })
}

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const clocks = [
  { dialect: 'postgres', type: 'timestamp', url: postgres.url },
  { dialect: 'mysql', type: 'datetime(6)', url },
] as const
const recent = [...moments, noon]
const before1970 = -86_400_001
/** Clocks were not a whole number of minutes ahead of UTC in 1880. */
const old = Date.UTC(1880, 0, 1, 12)

for (const { dialect, type, url } of clocks.filter(({ url }) => url !== undefined)) {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata']) {
    void t.test(`${dialect} in ${zone}: a column without a zone gives back each Date`, async (t) => {
      const { TZ } = process.env
      process.env['TZ'] = zone
      t.teardown(() => {
        if (TZ === undefined) delete process.env['TZ']
        else process.env['TZ'] = TZ
      })
      const primary = openUrl(t, url!)
      const place = { dialect, primary }
      await remake(place, [`create table times (id integer primary key, v ${type})`])
      const standIn = await standInWith(t, [
        'create table times (id integer primary key, v datetime)',
        `insert into times values ${recent.map((date, id) => `(${id}, ${date})`).join(', ')}`,
      ])
      t.match(await promote(standIn, place), { done: true, rows: recent.length, differences: [] })
      await standIn.raw(`insert into times values (-2, ${before1970}), (-1, ${old})`)
      t.match(await promote(standIn, place), { done: true, rows: 2, differences: [] })
      const found = await primary<{ id: number; v: Date }>('times').orderBy('id')
      t.strictSame(
        found.map(({ v }) => v.getTime()),
        [before1970, old, ...recent],
      )
    })
  }
}
