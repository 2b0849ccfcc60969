import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'

// Migrates as programs do that keep others out with a lock of the session, and says what it saw.

const lock = 42

const database = openDatabase({
  strategy: 'never',
  // Each waits for those before it.
  bootDeadlineMs: 60_000,
  log: () => {},
  prepare: async (knex) => {
    await knex.raw('select pg_advisory_lock(?)', [lock])
    try {
      await knex.migrate.latest({ directory: process.env['MIGRATIONS']! })
      await sleep(20)
    } finally {
      const { rows } = await knex.raw<{ rows: [{ released: boolean }] }>(
        'select pg_advisory_unlock(?) as released',
        [lock],
      )
      console.log(`released ${rows[0].released}`)
    }
  },
  // One connection: what a lock of a session asks for.
  pool: { max: 1 },
})

const state = await database.connect()
console.log(state.status, state.problem?.message ?? '')
await database.close()
