import type { Knex } from 'knex'
import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'
import { awakeNow } from '../../awake.js'

/** Far below the five seconds that such a query would wait in vain. */
const atOnceMs = 250
const refused = { code: 'query-outside-transaction', hint: /trx/ }

/** Runs a query inside a transaction, but not through it. */
async function beside(
  knex: Knex,
  query: () => PromiseLike<unknown>,
  config?: Knex.TransactionConfig,
): Promise<{ answer: unknown; tookMs: number }> {
  const started = awakeNow()
  const answer = await knex.transaction(async (trx) => {
    await trx('t').select()
    return Promise.resolve(query()).catch((error: unknown) => error)
  }, config)
  return { answer, tookMs: awakeNow() - started }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

async function openWithTable(
  t: Parameters<typeof open>[0],
  options: Parameters<typeof open>[1],
): Promise<Knex> {
  const knex = open(t, options)
  await knex.schema.createTable('t', (table) => table.integer('a'))
  return knex
}

const writes: readonly { name: string; query: (knex: Knex) => PromiseLike<unknown> }[] = [
  { name: 'a write', query: (knex) => knex('t').insert({ a: 1 }) },
  { name: 'a raw write', query: (knex) => knex.raw('insert into t values (1)') },
  { name: 'a schema change', query: (knex) => knex.schema.createTable('u', () => {}) },
  { name: 'another transaction', query: (knex) => knex.transaction(async () => 1) },
  { name: 'another transaction without a callback', query: (knex) => knex.transaction() },
]
const reads: readonly { name: string; query: (knex: Knex) => PromiseLike<unknown> }[] = [
  { name: 'a read', query: (knex) => knex('t') },
  { name: 'a raw read', query: (knex) => knex.raw('select * from t') },
]

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip }, async (t) => {
    await t.test('beside its own transaction on a file', async (t) => {
      const knex = await openWithTable(t, { driver })
      for (const { name, query } of writes) {
        const { answer, tookMs } = await beside(knex, () => query(knex))
        t.match(answer, refused, `${name} is refused`)
        t.ok(tookMs < atOnceMs, `at once (${tookMs.toFixed(0)} ms)`)
      }
      for (const { name, query } of reads) {
        const { answer, tookMs } = await beside(knex, () => query(knex))
        t.same(answer, [], `${name} answers`)
        t.ok(tookMs < atOnceMs, `at once (${tookMs.toFixed(0)} ms)`)
      }
    })

    for (const options of [{ filename: ':memory:' }, { filesystem: 'network' }] as const) {
      await t.test(
        `with one connection (${Object.values(options).join()}) everything is refused`,
        async (t) => {
          const knex = await openWithTable(t, { driver, ...options })
          for (const { name, query } of [...reads, ...writes]) {
            const { answer, tookMs } = await beside(knex, () => query(knex))
            t.match(answer, refused, name)
            t.ok(tookMs < atOnceMs, `at once (${tookMs.toFixed(0)} ms)`)
          }
        },
      )
    }

    await t.test('beside its own reading transaction', async (t) => {
      const knex = await openWithTable(t, { driver })
      const write = await beside(knex, () => knex('t').insert({ a: 1 }), { readOnly: true })
      t.same(write.answer, [1], 'a write has its own connection')
      const read = await beside(knex, () => knex('t'), { readOnly: true })
      t.match(read.answer, driver === 'sqlite3' ? [{ a: 1 }] : refused, 'a read needs a second reader')
      const inner = await beside(
        knex,
        () =>
          knex.transaction(() =>
            Promise.resolve(knex('t').insert({ a: 2 })).catch((error: unknown) => error),
          ),
        { readOnly: true },
      )
      t.match(inner.answer, refused, 'the write lock of an inner transaction counts')
    })

    await t.test('a reading transaction writes nothing', async (t) => {
      const knex = await openWithTable(t, { driver })
      await t.rejects(
        knex.transaction((trx) => trx('t').insert({ a: 1 }), { readOnly: true }),
        {
          code: /^SQLITE_READONLY/,
        },
      )
      t.same(await knex('t'), [])
    })

    await t.test("what belongs to somebody else's transaction waits for it", async (t) => {
      const knex = await openWithTable(t, { driver })
      const order: string[] = []
      const begun = deferred()
      const gate = deferred()
      const transaction = knex.transaction(async (trx) => {
        await trx('t').insert({ a: 1 })
        begun.resolve()
        await gate.promise
        order.push('transaction')
      })
      await begun.promise
      const write = knex('t')
        .insert({ a: 2 })
        .then(() => order.push('write'))
      t.same(await knex('t'), [], 'a read does not wait')
      gate.resolve()
      await Promise.all([transaction, write])
      t.same(order, ['transaction', 'write'])
    })

    await t.test('what was begun inside a transaction may write once that is over', async (t) => {
      const knex = await openWithTable(t, { driver })
      const gate = deferred()
      let later: Promise<unknown> = Promise.resolve()
      await knex.transaction(async (trx) => {
        await trx('t').insert({ a: 1 })
        later = gate.promise.then(() => knex('t').insert({ a: 2 }))
      })
      gate.resolve()
      await later
      t.equal((await knex('t')).length, 2)
    })

    await t.test('so may what follows a commit by hand', async (t) => {
      const knex = await openWithTable(t, { driver })
      let written!: () => void
      // knex ends the transaction with the commit, and does not wait for what follows it.
      const isWritten = new Promise<void>((resolve) => (written = resolve))
      await knex.transaction(async (trx) => {
        await trx('t').insert({ a: 1 })
        await trx.commit()
        await knex('t').insert({ a: 2 })
        written()
      })
      await isWritten
      t.equal((await knex('t')).length, 2)
    })

    await t.test('a write that waits too long is told that it is busy', async (t) => {
      const knex = await openWithTable(t, { driver, acquireTimeoutMs: 500 })
      const trx = await knex.transaction()
      await t.rejects(knex('t').insert({ a: 1 }), { code: 'sqlite-busy', hint: /short/ })
      await trx.rollback()
      await knex('t').insert({ a: 1 })
    })

    await t.test('readers that wait too long are told of the pool', async (t) => {
      const knex = await openWithTable(t, { driver, acquireTimeoutMs: 500 })
      const readers = await Promise.all(
        Array.from({ length: driver === 'sqlite3' ? 3 : 1 }, () =>
          knex.transaction(undefined, { readOnly: true }),
        ),
      )
      await t.rejects(knex('t').select(), { name: 'KnexTimeoutError' })
      await Promise.all(readers.map((reader) => reader.rollback()))
    })

    await t.test('32 writers that each also read beside their transaction all finish', async (t) => {
      const knex = await openWithTable(t, { driver })
      await Promise.all(
        Array.from({ length: 32 }, (_, a) =>
          knex.transaction(async (trx) => {
            await trx('t').insert({ a })
            await knex('t').where({ a })
          }),
        ),
      )
      t.equal((await knex('t')).length, 32)
    })
  })
}
