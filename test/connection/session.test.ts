import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { DatabaseUnavailableError, openDatabase, type Database } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

const isThere = async (database: Database, n: number): Promise<boolean> =>
  (await database.knex('session_numbers').where({ n })).length > 0

async function settle(database: Database): Promise<number> {
  const used = (): number => clientOf(database.knex).pool?.numUsed() ?? 0
  for (let tries = 0; tries < 300 && used() > 0; tries++) await sleep(10)
  return used()
}

function open(t: Test, url: string): Database {
  const database = openDatabase({
    env: { DATABASE_URL: url },
    strategy: 'never',
    prepare: async (knex) => {
      await knex.schema.dropTableIfExists('session_numbers')
      await knex.schema.createTable('session_numbers', (table) => table.integer('n'))
    },
  })
  t.teardown(() => database.close())
  return database
}

for (const [name, url] of [
  ['PostgreSQL', postgres.url],
  ['SQLite', 'sqlite::memory:'],
] as const) {
  t.test(
    `${name}: work runs on the engine's own knex, connected if need be, and its result comes back`,
    async (t) => {
      const database = open(t, url)
      t.equal(database.state.status, 'idle')
      t.equal(await database.session(async (knex) => (await knex.raw('select 1')) && 'done'), 'done')
      t.equal(database.state.status, 'connected')
      await database.session((knex) => knex('session_numbers').insert({ n: 1 }))
      t.same(await database.knex('session_numbers'), [{ n: 1 }], 'a query that is returned runs once')
    },
  )

  t.test(
    `${name}: a transaction commits where commitIf agrees, and the result comes back either way`,
    async (t) => {
      const database = open(t, url)
      const insert = (n: number, options: object): Promise<{ n: number }> =>
        database.session(
          async (trx) => {
            await trx('session_numbers').insert({ n })
            t.equal((trx as { isTransaction?: boolean }).isTransaction, true)
            return { n }
          },
          { transaction: true, ...options },
        )
      t.same(await insert(1, {}), { n: 1 })
      t.same(await insert(2, { commitIf: (result: { n: number }) => result.n === 2 }), { n: 2 })
      t.same(await insert(3, { commitIf: () => false }), { n: 3 })
      const refusal = new Error('cannot say')
      const refuse = (): never => {
        throw refusal
      }
      await t.rejects(insert(4, { commitIf: refuse }), refusal)
      t.same(await Promise.all([1, 2, 3, 4].map((n) => isThere(database, n))), [true, true, false, false])
      t.equal(await settle(database), 0)
    },
  )

  t.test(`${name}: what the work throws comes out, once it is rolled back`, async (t) => {
    const database = open(t, url)
    const thrown = new Error('thrown')
    for (const transaction of [true, false]) {
      await t.rejects(
        database.session(
          async (knex) => {
            await knex('session_numbers').insert({ n: Number(transaction) })
            throw thrown
          },
          { transaction },
        ),
        thrown,
      )
    }
    t.same(await database.knex('session_numbers'), [{ n: 0 }])
    t.equal(await settle(database), 0)
  })

  for (const transaction of [true, false]) {
    t.test(
      `${name}: an abort ends it with its reason, and leaves nothing checked out (${transaction})`,
      async (t) => {
        const database = open(t, url)
        const gone = new AbortController()
        const reason = new Error('the client is gone')
        const never = database.session(
          async (knex) => {
            await knex('session_numbers').insert({ n: 1 })
            gone.abort(reason)
            await new Promise(() => {})
          },
          { transaction, signal: gone.signal },
        )
        await t.rejects(never, reason)
        t.equal(await isThere(database, 1), !transaction)
        t.equal(await settle(database), 0)
        await database.close({ timeoutMs: 10_000 })
        t.equal(database.state.status, 'closed')
      },
    )
  }
}

t.test('work that is rejected without a reason is never told as done', async (t) => {
  for (const url of [postgres.url, 'sqlite::memory:'])
    for (const nothing of [undefined, null]) {
      const database = open(t, url)
      const work = async (trx: Knex): Promise<void> => {
        await trx('session_numbers').insert({ n: 1 })
        throw nothing
      }
      await t.rejects(database.transaction(work), /without a reason/)
      await t.rejects(database.session(work, { transaction: true }), /without a reason/)
      t.notOk(await isThere(database, 1), 'it was rolled back')
      await database.close()
    }
})

t.test('a signal that has aborted already starts nothing', async (t) => {
  const database = open(t, 'sqlite::memory:')
  await t.rejects(
    database.session(async () => t.fail('must not run'), { signal: AbortSignal.abort() }),
    {
      name: 'AbortError',
    },
  )
  t.equal(database.state.status, 'idle')
})

t.test('an abort while it connects ends the wait, and the engine is not held', async (t) => {
  const database = open(t, postgres.url)
  const gone = new AbortController()
  const session = database.session(async () => t.fail('must not run'), { signal: gone.signal })
  gone.abort()
  await t.rejects(session, { name: 'AbortError' })
  await database.ready()
  await database.close()
  t.equal(database.state.status, 'closed')
})

t.test('an abort while there is no database is no unhandled rejection', async (t) => {
  const database = openDatabase({
    env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/none' },
    strategy: 'never',
  })
  t.teardown(() => database.close())
  const gone = new AbortController()
  const session = database.session(async () => t.fail('must not run'), { signal: gone.signal })
  gone.abort()
  await t.rejects(session, { name: 'AbortError' })
  t.match(await database.connect(), { status: 'unavailable' })
})

t.test('a statement that keeps a rollback waiting does not keep the caller', async (t) => {
  const database = open(t, postgres.url)
  await database.ready()
  const started = performance.now()
  const session = database.session((trx) => trx.raw('select pg_sleep(4)'), {
    transaction: true,
    signal: AbortSignal.timeout(10),
  })
  await t.rejects(session, { name: 'TimeoutError' })
  t.ok(performance.now() - started < 3900, 'before the statement is over')
})

t.test('without a database, nothing runs', async (t) => {
  const database = openDatabase({ env: {}, strategy: 'never' })
  t.teardown(() => database.close())
  await t.rejects(
    database.session(async () => t.fail('must not run')),
    DatabaseUnavailableError,
  )
})

t.test('a wrong option is a TypeError that names it', async (t) => {
  const database = open(t, 'sqlite::memory:')
  const work = async (): Promise<void> => {}
  for (const [options, message] of [
    [{ transactions: true }, /transactions does not exist: was transaction meant/],
    [{ transaction: 'unsafe-methods' }, /transaction must be a boolean/],
    [{ commitIf: true }, /commitIf must be a function/],
    [{ signal: {} }, /signal must be an AbortSignal/],
  ] as const) {
    await t.rejects(database.session(work, options as object), { name: 'TypeError', message })
  }
  await t.rejects(database.session(undefined as never), {
    name: 'TypeError',
    message: /work must be a function/,
  })
})
