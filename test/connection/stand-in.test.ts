import { execFileSync } from 'node:child_process'
import t, { type Test } from 'tap'
import type { OpenOptions } from 'failsoft/knex'
import type { SqliteDriver } from 'failsoft'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { checkReturns, happenings, StandInLife } from './stand-in-life.js'
import { plainNode } from '../plain-node.ts'

async function start(t: Test, driver: SqliteDriver, options: OpenOptions = {}): Promise<StandInLife> {
  const life = new StandInLife(driver, options)
  t.teardown(() => life.end())
  t.match(await life.begin(), {
    status: 'fallback',
    standIn: { clean: true, tables: 0 },
    primary: { reachable: false },
    readOnly: false,
  })
  return life
}

const saysItHasData = ({ database }: StandInLife): boolean =>
  database.config.warnings.some(({ code }) => code === 'fallback-has-data')

for (const { name: driver, skip } of sqliteDrivers) {
  t.test(driver, { skip }, async (t) => {
    for (const [name, { commits, do: act }] of Object.entries(happenings)) {
      t.test(`${name}: ${commits ? 'it stays' : 'it returns'}`, async (t) => {
        const life = await start(t, driver)
        await act(life)
        const changes: unknown[] = []
        life.database.onStateChange(({ from, to, reason }) => changes.push([from, to, reason]))
        const state = await life.letPrimaryIn(!commits)
        if (commits) {
          t.match(state, { status: 'fallback', primary: { reachable: true }, standIn: { clean: false } })
          t.same(changes, [])
        } else {
          t.match(state, { status: 'connected' })
          t.same(changes, [
            ['fallback', 'connected', 'returned to the primary; 0 tables of the fallback hold rows'],
          ])
        }
      })
    }

    t.test('in whatever order', async () => {
      await checkReturns(driver, 'file', 8)
      await checkReturns(driver, 'memory', 8)
    })

    t.test('what was written is said, also in the next life, and what was prepared is not', async (t) => {
      const life = await start(t, driver)
      t.notOk(saysItHasData(life))
      life.growSeeds()
      await life.restart()
      t.match(life.database.state, { standIn: { clean: true, tables: 0 } })
      t.notOk(saysItHasData(life))
      await life.database.transaction((trx) => trx('tasks').insert({ title: 'mine' }))
      await life.database.knex('logged').where({ n: 1 })
      while (life.database.state.status === 'fallback' && life.database.state.standIn.tables < 2)
        await new Promise((resolve) => setImmediate(resolve))
      t.match(life.database.state, { standIn: { clean: false, tables: 2 } })
      await life.restart()
      t.match(life.database.state, { standIn: { clean: false, tables: 2 } })
      t.ok(saysItHasData(life))
      t.match(await life.letPrimaryIn(false), { status: 'fallback' })
      t.match(await life.database.returnToPrimary(), { status: 'connected' }, 'by hand it does')
    })

    t.test('where the program says so, it returns by hand only', async (t) => {
      const life = await start(t, driver, { returnToPrimary: 'manual' })
      t.match(await life.letPrimaryIn(false), { status: 'fallback', standIn: { clean: true } })
      t.match(await life.database.returnToPrimary(), { status: 'connected' })
    })

    t.test('what another process writes is seen', async (t) => {
      const life = await start(t, driver)
      const program = `
        const { openSqlite } = await import(${JSON.stringify(new URL('../../dist/engine/sqlite/open-sqlite.js', import.meta.url).href)})
        const opened = openSqlite({ filename: ${JSON.stringify(life.filename)}, params: {} }, { role: 'primary', filesystem: 'local', driver: '${driver}' })
        await opened.knex('tasks').insert({ title: 'from another process' })
        await opened.knex.destroy()`
      execFileSync(...plainNode('--input-type=module', '--eval', program))
      t.match(await life.letPrimaryIn(false), { status: 'fallback', standIn: { clean: false, tables: 2 } })
    })
  })
}
