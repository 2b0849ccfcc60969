import type { Knex } from 'knex'
import t from 'tap'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { skipOf, sqliteDrivers } from './sqlite/drivers.js'
import { temporaryDirectory } from './sqlite/open.js'
import {
  createTables,
  mysqlSubject,
  postgresSubject,
  sqliteSubject,
  type Subject,
} from './transaction-subjects.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if (!('skip' in mariadb)) t.teardown(() => mariadb.remove())

const directory = temporaryDirectory(t)
const subjects: readonly { name: string; skip: string | false; subject: () => Subject }[] = [
  ...sqliteDrivers.map(({ name, skip }) => ({ name, skip, subject: () => sqliteSubject(name, directory) })),
  { name: 'pg', skip: false, subject: () => postgresSubject(postgres) },
  'skip' in mariadb
    ? { name: 'mysql2', skip: mariadb.skip, subject: () => sqliteSubject('sqlite3', directory) }
    : { name: 'mysql2', skip: false, subject: () => mysqlSubject(mariadb) },
]

/** What became of a promise, for comparing. */
async function outcome(promise: PromiseLike<unknown>): Promise<'resolved' | Error> {
  try {
    await promise
    return 'resolved'
  } catch (error) {
    return error as Error
  }
}

async function count(knex: Knex, table: string): Promise<number> {
  const [row] = await knex(table).count({ count: '*' })
  return Number(row?.count)
}

for (const { name, skip, subject: make } of subjects) {
  void t.test(name, { skip }, async (t) => {
    const subject = make()
    // The plain dialect of a driver that knex does not know cannot be tried.
    const hasPlain = name !== 'node:sqlite'

    await t.test('plain knex resolves commit() although COMMIT failed', { skip: !hasPlain }, async (t) => {
      const knex = subject.plain(t)
      await createTables(knex)
      const trx = await knex.transaction()
      trx.executionPromise.catch(() => {})
      await trx('parent').insert({ id: 1, name: 'a' })
      await subject.breakCommit(knex, trx)
      t.equal(await outcome(trx.commit()), 'resolved')
      await knex.destroy()
      t.equal(await count(subject.plain(t), 'parent'), 0)
    })

    // Where a transaction begins with two statements, knex notices.
    await t.test(
      'plain knex hands out a dead transaction',
      { skip: !hasPlain || name === 'mysql2' },
      async (t) => {
        const knex = subject.plain(t)
        await subject.breakBegin(knex)
        const trx = await knex.transaction(undefined, subject.beginConfig)
        trx.executionPromise.catch(() => {})
        t.equal(trx.isTransaction, true)
      },
    )

    await t.test('a COMMIT that failed rejects', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      const trx = await knex.transaction()
      const execution = outcome(trx.executionPromise)
      await trx('parent').insert({ id: 1, name: 'a' })
      await subject.breakCommit(knex, trx)
      const error = await outcome(trx.commit())
      t.type(error, Error, 'callback-less')
      t.equal(await execution, error, 'executionPromise has the same error')
      const error2 = await outcome(
        knex.transaction(async (trx) => {
          await trx('parent').insert({ id: 1, name: 'a' })
          await subject.breakCommit(knex, trx)
        }),
      )
      t.type(error2, Error, 'with a callback')
      t.equal(await count(knex, 'parent'), 0)
    })

    await t.test('a failed COMMIT leaves no open transaction on the connection', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      const trx = await knex.transaction()
      await subject.breakCommit(knex, trx)
      t.type(await outcome(trx.commit()), Error)
      await knex('parent').insert({ id: 2, name: 'kept' })
      await knex.transaction((trx) => trx('parent').insert({ id: 3, name: 'kept too' }))
      t.equal(await count(knex, 'parent'), 2)
      t.equal(await count(knex, 'child'), 0)
    })

    await t.test('plain knex runs the callback although BEGIN failed', { skip: !hasPlain }, async (t) => {
      const knex = subject.plain(t)
      await subject.breakBegin(knex)
      let calls = 0
      await outcome(knex.transaction(async () => void calls++, subject.beginConfig))
      t.equal(calls, 1)
    })

    await t.test('a BEGIN that failed rejects and runs nothing', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      await subject.breakBegin(knex)
      let calls = 0
      t.type(await outcome(knex.transaction(async () => void calls++, subject.beginConfig)), Error)
      t.equal(calls, 0)
      await subject.breakBegin(knex)
      t.type(await outcome(knex.transaction(undefined, subject.beginConfig)), Error, 'callback-less')
      await knex.transaction((trx) => trx('parent').insert({ id: 1, name: 'a' }), subject.beginConfig)
      t.equal(await count(knex, 'parent'), 1, 'the connection was left clean')
    })

    await t.test('what a transaction does when nothing goes wrong', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      const result = await knex.transaction(async (trx) => {
        await trx('parent').insert({ id: 1, name: 'outer' })
        await trx.transaction((nested) => nested('parent').insert({ id: 2, name: 'kept' }))
        const undone = new Error('undone')
        const error = await outcome(
          trx.transaction(async (nested) => {
            await nested('parent').insert({ id: 3, name: 'undone' })
            throw undone
          }),
        )
        t.equal(error, undone)
        const savepoint = await trx.transaction()
        await savepoint('parent').insert({ id: 4, name: 'kept too' })
        await savepoint.commit()
        return 'result'
      })
      t.equal(result, 'result')
      t.same(await knex('parent').orderBy('id').pluck('id'), [1, 2, 4])
    })

    await t.test('a callback that throws rolls back and rejects with its own error', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      const thrown = new Error('thrown')
      const error = await outcome(
        knex.transaction(async (trx) => {
          await trx('parent').insert({ id: 1, name: 'a' })
          throw thrown
        }),
      )
      t.equal(error, thrown)
      t.equal(await count(knex, 'parent'), 0)
    })

    await t.test('commit and rollback called by hand', async (t) => {
      const knex = subject.guarded(t)
      await createTables(knex)
      const rolledBack = await knex.transaction()
      await rolledBack('parent').insert({ id: 1, name: 'a' })
      t.equal(await outcome(rolledBack.rollback()), 'resolved')
      t.equal(await outcome(rolledBack.executionPromise), 'resolved')
      t.type(await outcome(rolledBack.commit()), Error, 'what was rolled back cannot be committed')
      t.equal(await outcome(rolledBack.rollback()), 'resolved', 'and is rolled back')

      const strict = await knex.transaction(undefined, { doNotRejectOnRollback: false })
      const execution = outcome(strict.executionPromise)
      await strict.rollback()
      t.type(await execution, Error)

      const committed = await knex.transaction()
      await committed('parent').insert({ id: 2, name: 'b' })
      await committed.commit()
      const other = await knex.transaction()
      await other('parent').insert({ id: 3, name: 'c' })
      t.equal(await outcome(committed.commit()), 'resolved', 'a second commit does nothing more')
      t.equal(await outcome(committed.rollback()), 'resolved', 'nor does a rollback')
      await other.commit()

      await knex.transaction(async (trx) => {
        await trx('parent').insert({ id: 4, name: 'd' })
        await trx.commit()
      })
      await knex.transaction(async (trx) => {
        await trx('parent').insert({ id: 5, name: 'e' })
        await trx.rollback()
      })
      t.same(await knex('parent').orderBy('id').pluck('id'), [2, 3, 4])
    })
  })
}

const lost = 'plain knex leaves a failed COMMIT of SQLite open, and loses what comes after it'
void t.test(lost, { skip: skipOf('sqlite3') }, async (t) => {
  const subject = sqliteSubject('sqlite3', directory)
  const knex = subject.plain(t)
  await createTables(knex)
  const trx = await knex.transaction()
  trx.executionPromise.catch(() => {})
  await subject.breakCommit(knex, trx)
  await trx.commit()
  await knex('parent').insert({ id: 2, name: 'acknowledged' })
  t.match(await outcome(knex.transaction(async () => {})), { message: /within a transaction/ })
  await knex.destroy()
  t.equal(await count(subject.plain(t), 'parent'), 0)
})

for (const { name, skip } of sqliteDrivers) {
  void t.test(`a full disk inside a transaction on ${name} keeps nothing of it`, { skip }, async (t) => {
    const knex = sqliteSubject(name, directory).guarded(t)
    await createTables(knex)
    const error = await outcome(
      knex.transaction(async (trx) => {
        await trx('parent').insert({ id: 1, name: 'before' })
        await trx.raw('pragma max_page_count = 1')
        const full = await outcome(trx('parent').insert({ id: 2, name: 'x'.repeat(1e6) }))
        t.match(full, { code: 'SQLITE_FULL' })
        const after = await outcome(trx('parent').insert({ id: 3, name: 'after' }))
        t.match(after, { message: /already complete/ })
      }),
    )
    t.match(error, { code: 'query-failed', cause: { code: 'SQLITE_FULL' } })
    t.equal(await count(knex, 'parent'), 0)
    await knex.transaction((trx) => trx('parent').insert({ id: 4, name: 'next' }))
    t.same(await knex('parent').pluck('id'), [4])
  })
}

void t.test('PostgreSQL answers COMMIT with ROLLBACK after a failed statement', async (t) => {
  const subject = postgresSubject(postgres)
  const work = async (trx: Knex.Transaction): Promise<void> => {
    await trx('parent').insert({ id: 1, name: 'a' })
    await trx('parent')
      .insert({ id: 1, name: 'twice' })
      .catch(() => {})
  }

  await t.test('plain knex resolves', async (t) => {
    const knex = subject.plain(t)
    await createTables(knex)
    t.equal(await outcome(knex.transaction(work)), 'resolved')
    t.equal(await count(knex, 'parent'), 0)
  })

  await t.test('here it rejects, with the statement as its cause', async (t) => {
    const knex = subject.guarded(t)
    await createTables(knex)
    t.match(await outcome(knex.transaction(work)), { code: 'query-failed', cause: { code: '23505' } })
    const trx = await knex.transaction()
    await work(trx)
    t.match(await outcome(trx.commit()), { code: 'query-failed', cause: { code: '23505' } })
    t.equal(await count(knex, 'parent'), 0)
  })

  await t.test('a statement that failed inside a savepoint is no reason to reject', async (t) => {
    const knex = subject.guarded(t)
    await createTables(knex)
    await knex.transaction(async (trx) => {
      await trx('parent').insert({ id: 1, name: 'a' })
      await trx.transaction(work).catch(() => {})
    })
    t.equal(await count(knex, 'parent'), 1)
  })

  await t.test('a savepoint that cannot be made rejects and runs nothing', async (t) => {
    const knex = subject.guarded(t)
    await createTables(knex)
    let calls = 0
    const error = await outcome(
      knex.transaction(async (trx) => {
        await work(trx)
        await trx.transaction(async () => void calls++)
      }),
    )
    t.match(error, { code: '25P02' })
    t.equal(calls, 0)
  })
})

void t.test('a PostgreSQL backend that is terminated inside a transaction', async (t) => {
  const subject = postgresSubject(postgres)
  const work = async (trx: Knex.Transaction): Promise<void> => {
    await trx('parent').insert({ id: 1, name: 'a' })
    await trx.raw('select pg_terminate_backend(pg_backend_pid())')
  }

  await t.test('plain knex loses the cause', async (t) => {
    const knex = subject.plain(t)
    await createTables(knex)
    const error = await outcome(knex.transaction(work))
    t.match(error, { code: undefined, message: /^ROLLBACK - / })
  })

  await t.test('here the error is the first one, and the next query works', async (t) => {
    const knex = subject.guarded(t)
    await createTables(knex)
    t.match(await outcome(knex.transaction(work)), { code: '57P01' })
    const trx = await knex.transaction()
    await work(trx).catch(() => {})
    t.match(await outcome(trx.commit()), { cause: { code: '57P01' } })
    t.equal(await count(knex, 'parent'), 0)
  })
})

void t.test('a MySQL deadlock', { skip: 'skip' in mariadb && mariadb.skip }, async (t) => {
  if ('skip' in mariadb) return
  const subject = mysqlSubject(mariadb)

  /** Makes `trx` the victim of a deadlock, after it has inserted a row, and inserts another afterwards. */
  async function lose(t: { teardown(end: () => unknown): void }, trx: Knex.Transaction): Promise<unknown> {
    const other = await subject.plain(t).transaction()
    // The transaction that has changed more rows survives.
    await other('parent').insert([10, 11, 12, 13].map((id) => ({ id, name: `other ${id}` })))
    await other('parent').where({ id: 1 }).update({ name: 'locked by other' })
    await trx('parent').insert({ id: 5, name: 'before' })
    await trx('parent').where({ id: 2 }).update({ name: 'locked by trx' })
    const waiting = other('parent').where({ id: 2 }).update({ name: 'other waits' })
    const [deadlock] = await Promise.all([
      outcome(trx('parent').where({ id: 1 }).update({ name: 'trx waits' })),
      waiting,
    ])
    await other.rollback()
    await trx('parent')
      .insert({ id: 6, name: 'after' })
      .catch(() => {})
    return deadlock
  }

  async function prepare(knex: Knex): Promise<void> {
    await createTables(knex)
    await knex('parent').insert([
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ])
  }

  await t.test('plain knex commits what came after it, and says that all is well', async (t) => {
    const knex = subject.plain(t)
    await prepare(knex)
    const trx = await knex.transaction()
    t.match(await lose(t, trx), { code: 'ER_LOCK_DEADLOCK' })
    t.equal(await outcome(trx.commit()), 'resolved')
    t.same(await knex('parent').orderBy('id').pluck('id'), [1, 2, 6])
  })

  await t.test('here nothing is kept, and commit rejects with the deadlock as its cause', async (t) => {
    const knex = subject.guarded(t)
    await prepare(knex)
    const trx = await knex.transaction()
    t.match(await lose(t, trx), { code: 'ER_LOCK_DEADLOCK' })
    t.match(await outcome(trx.commit()), { code: 'query-failed', cause: { code: 'ER_LOCK_DEADLOCK' } })
    t.same(await knex('parent').orderBy('id').pluck('id'), [1, 2])
  })
})

void t.test(
  'a MySQL savepoint ended by a schema statement',
  { skip: 'skip' in mariadb && mariadb.skip },
  async (t) => {
    if ('skip' in mariadb) return
    const knex = mysqlSubject(mariadb).guarded(t)
    await createTables(knex)
    await knex.transaction(async (trx) => {
      await trx.raw('create or replace table implicit (id integer)')
      await trx.batchInsert('parent', [{ id: 1, name: 'a' }])
    })
    t.equal(await count(knex, 'parent'), 1)
  },
)
