import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { mariadbFamily, openIn, postgresFamily, type PoolFamily } from '../../pg/pool-family.ts'

t.setTimeout(300_000)
t.jobs = 2

/** A connection may rest for 30 s, and is looked for every 5 s: with time to spare. */
const longMs = 45_000
const six = [1, 2, 3, 4, 5, 6]

const families = [
  {
    name: 'PostgreSQL',
    open: postgresFamily,
    count: "select count(*) as many from pg_stat_activity where backend_type = 'client backend'",
  },
  {
    name: 'MariaDB',
    open: mariadbFamily,
    count: "select count(*) as many from information_schema.processlist where user <> 'system user'",
  },
]

for (const { name, open, count } of families)
  void t.test(`${name}: connections that rest for long are ended, and one in use is not`, async (t) => {
    const family = await open(t)
    if ('skip' in family) {
      t.pass(family.skip)
      return
    }
    const { pool } = openIn(t, family)
    const held = await holdSix(family, pool)
    const many = async (): Promise<number> => Number((await held.run(count))[0]?.['many'])
    t.equal(await many(), six.length)
    await sleep(longMs)
    t.ok((await many()) <= 2, 'the one that is held, and what asks the server now and then')
    t.same(await family.run(pool, 'select 1 as one'), [{ one: 1 }])
    held.release()
  })

/** Six connections at once, of which one is kept. */
async function holdSix(family: PoolFamily, pool: unknown) {
  const [first, ...others] = await Promise.all(six.map(async () => family.hold(pool)))
  for (const other of others) other.release()
  return first!
}
