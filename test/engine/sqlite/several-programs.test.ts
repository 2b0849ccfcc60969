import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open, temporaryDirectory } from './open.js'
import { plainNode } from '../../plain-node.ts'
import { makeTogether } from './several-programs.ts'
import { measure } from '../../awake.js'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A program that holds the write lock until it is told to let go. */
async function lockHolder(filename: string, driver: string): Promise<{ release(): Promise<void> }> {
  const holder = spawn(...plainNode(here('lock-holder.js'), filename, driver), {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return {
    release: async () => {
      const ended = once(holder, 'exit')
      holder.stdin.end()
      await ended
    },
  }
}

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip }, async (t) => {
    await t.test('programs that make the same new file at once all succeed', async (t) =>
      makeTogether(t, driver),
    )

    await t.test('a lock that another program holds is waited for, and the event loop goes on', async (t) => {
      const filename = join(temporaryDirectory(t), 'shared.db')
      const knex = open(t, { driver, filename })
      await knex.schema.createTable('rows', (table) => table.string('id').primary())
      const holder = await lockHolder(filename, driver)
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      let written = 0
      const writes = Array.from({ length: 8 }, async (_, i) => {
        if (i % 2) await knex('rows').insert({ id: `autocommit ${i}` })
        else await knex.transaction((trx) => trx('rows').insert({ id: `transaction ${i}` }))
        written++
      })
      const started = performance.now()
      while (performance.now() - started < 500) {
        t.same(await knex('rows'), [])
        await readFile(here('writing-program.js'))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      t.equal(written, 0)
      await holder.release()
      await Promise.all(writes)
      delay.disable()
      t.comment(`longest delay of the event loop ${(delay.max / 1e6).toFixed(0)} ms`)
      t.ok(delay.max / 1e6 < 1000)
      t.equal((await knex('rows')).length, 8)
    })

    await t.test('a lock that is never let go is an error in time', async (t) => {
      const filename = join(temporaryDirectory(t), 'shared.db')
      const knex = open(t, { driver, filename, params: { busy_timeout: '200' } })
      await knex.schema.createTable('rows', (table) => table.string('id').primary())
      const holder = await lockHolder(filename, driver)
      let calls = 0
      const { wallMs, awakeMs } = await measure(async () => {
        await t.rejects(knex('rows').insert({ id: 'a' }), { code: 'SQLITE_BUSY' })
        await t.rejects(
          knex.transaction(async () => void calls++),
          { code: 'SQLITE_BUSY' },
        )
      })
      t.equal(calls, 0)
      t.ok(wallMs >= 350 && awakeMs < 2000, `${awakeMs.toFixed(0)} of ${wallMs.toFixed(0)} ms`)
      await holder.release()
      await knex('rows').insert({ id: 'a' })
    })
  })
}
