import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import { knexConfig } from 'failsoft/knex'
import { targetOf } from '../engine/server/open-engine.js'
import { cases } from './drop-in-cases.js'
import { openPlaces, openSubjects } from './drop-in-places.js'

/** A zone with summer time, for what runs in this process and for the servers that it starts. */
function useZone(): () => void {
  const before = process.env['TZ']
  process.env['TZ'] = 'America/New_York'
  return () => void (before === undefined ? delete process.env['TZ'] : (process.env['TZ'] = before))
}

const restoreZone = useZone()
const places = await openPlaces(t)
restoreZone()

for (const { name, kind, config, url, options } of places) {
  void t.test(name, async (t) => {
    t.teardown(useZone())
    const plain = makeKnex(config)
    t.teardown(() => plain.destroy())
    const opened = await openSubjects(t, { url, options })
    const ofConfig = makeKnex(knexConfig(targetOf(url), options))
    t.teardown(() => ofConfig.destroy())
    const subjects = { ...opened, 'of knexConfig()': ofConfig }

    for (const { name, on, work } of cases) {
      if (on && !on.includes(kind)) continue
      await t.test(name, async (t) => {
        const want = await work(plain)
        for (const [subject, knex] of Object.entries(subjects)) t.strictSame(await work(knex), want, subject)
      })
    }

    await t.test('a copy of the config is a plain knex, without the password', async (t) => {
      for (const knex of Object.values(subjects)) {
        const { config } = knex.client as { config: Knex.Config }
        const copy = makeKnex({ ...config })
        t.teardown(() => copy.destroy())
        t.equal(typeof config.client, 'string')
        const { password } = (copy.client as { config: { connection: { password?: string } } }).config
          .connection
        t.equal(password, undefined)
        if (kind === 'sqlite') t.ok(await copy.select(copy.raw('1 as one')))
      }
    })

    await t.test('initialize() after destroy()', async (t) => {
      for (const knex of [opened.engine, ofConfig, plain]) {
        await knex.destroy()
        await t.rejects(knex.raw('select 1'))
        knex.initialize()
        t.match(await knex.select(knex.raw('1 as one')), [{ one: /1/ }])
        await knex.destroy()
      }
    })
  })
}
