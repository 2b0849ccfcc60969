import type { Knex } from 'knex'
import { clientOf, type KnexBuilder } from '#lib/engine/knex-client.js'

/** Something that libraries and people do with a knex. */
export interface Case {
  readonly name: string
  /** Where it can be done. Default: everywhere. */
  readonly on?: readonly Kind[]
  /** What comes out must be the same as on a plain knex. */
  readonly work: (knex: Knex) => unknown
}

export type Kind = 'pg' | 'mysql2' | 'sqlite'

type Loose = Record<string, unknown>
interface Query {
  readonly sql: string
}

const noop = (): void => {}

/** What a transaction's own listeners hear, whatever it begins with. */
async function heard(knex: Knex, end: (trx: Knex.Transaction) => Promise<unknown>): Promise<string[]> {
  const told: string[] = []
  const trx = await knex.transaction()
  trx.on('query', ({ sql }: Query) => told.push(sql.replace(/trx\d+/, 'trx')))
  trx.on('query-response', (_: unknown, { sql }: Query) => told.push(`answer to ${sql}`))
  await end(trx).catch((error: Error) => told.push(error.message.replace(/.* - /, '')))
  return told
}

async function withTable(knex: Knex, work: () => Promise<unknown>): Promise<unknown> {
  await knex.schema.dropTableIfExists('things')
  await knex.schema.createTable('things', (table) => {
    table.increments('id')
    table.string('name')
    table.datetime('at')
  })
  return await work().finally(() => knex.schema.dropTable('things'))
}

/** Around both changes of summer time, and in the hour that comes twice. */
const moments = [
  '2026-01-15T12:00:00Z',
  '2026-03-08T06:59:59Z',
  '2026-03-08T07:00:00Z',
  '2026-07-01T12:00:00Z',
  '2026-11-01T05:30:00Z',
  '2026-11-01T06:30:00Z',
  '2026-11-01T07:00:00Z',
]

const nextTo = (clause: string): string => `select ${clause} as n`

export const cases: readonly Case[] = [
  {
    name: 'options that a driver reads, or does not',
    work: async (knex) => {
      const rows = async (options: Loose): Promise<unknown> =>
        await knex.select(knex.raw('1 as a, 2 as b')).limit(1).options(options).then(JSON.stringify)
      return [await rows({ rowMode: 'array' }), await rows({ nestTables: true })]
    },
  },
  {
    name: 'how texts compare',
    on: ['mysql2'],
    work: (knex) => knex.raw("select 'ß' = 'ss' as a, @@collation_connection as b").then(JSON.stringify),
  },
  {
    name: 'which database it is',
    work: (knex) => {
      const { config, constructor, ...client } = knex.client as Loose & {
        config: Loose
        constructor: { name: string }
      }
      return [constructor.name, config['client'], client['dialect'], clientOf(knex).driverName]
    },
  },
  {
    name: 'what the client says of its database',
    work: (knex) => {
      const { client } = knex as unknown as { client: { database(): unknown; config: { connection: Loose } } }
      const { host, port, database, filename, user } = client.config.connection
      return [client.database(), host, Number(port), database, filename !== undefined, user]
    },
  },
  {
    name: 'what kind of thing it is',
    work: (knex) => [
      typeof knex,
      knex.name,
      knex.length,
      Object.hasOwn(knex, 'raw'),
      Object.hasOwn(knex, 'on'),
      Object.hasOwn(knex, 'nothing'),
      Object.keys(knex).includes('select'),
    ],
  },
  {
    name: 'what is in it',
    work: (knex) =>
      ['raw', 'schema', 'on', 'select', 'client', 'destroy', 'nothing', 'isTransaction', 'call'].map(
        (key) => key in knex,
      ),
  },
  {
    name: 'what the methods of an emitter return',
    work: (knex) => [
      knex.on('query', noop) === knex,
      knex.once('query', noop) === knex,
      knex.addListener('query', noop) === knex,
      knex.removeListener('query', noop) === knex,
      knex.off('query', noop) === knex,
      knex.setMaxListeners(20) === knex,
      knex.listenerCount('query'),
      knex.removeAllListeners('query') === knex,
      knex.emit('nothing'),
    ],
  },
  {
    name: 'a property that is set',
    work: (knex) => {
      const loose = knex as unknown as Loose
      loose['mine'] = 1
      const seen = [
        loose['mine'],
        'mine' in loose,
        Object.hasOwn(loose, 'mine'),
        Object.keys(loose).includes('mine'),
      ]
      delete loose['mine']
      return [...seen, loose['mine'], 'mine' in loose]
    },
  },
  {
    name: 'parameters of the user',
    work: (knex) => {
      const before = knex.userParams
      knex.userParams = { tenant: 1 }
      const seen = [knex.userParams, knex.withUserParams({ tenant: 2 }).userParams, knex.userParams]
      knex.userParams = before
      return seen
    },
  },
  {
    name: 'a transaction of the client',
    work: (knex) =>
      withTable(knex, async () => {
        const { client } = knex as unknown as { client: { transaction(work: unknown): Promise<unknown> } }
        const answer = await client.transaction(async (trx: Knex.Transaction) => {
          await trx('things').insert({ name: 'in it' })
          return 'done'
        })
        return [answer, await knex('things').pluck('name')]
      }),
  },
  { name: 'a rollback is heard', work: (knex) => heard(knex, async (trx) => trx.rollback()) },
  {
    name: 'a rollback with an error is heard',
    work: (knex) => heard(knex, async (trx) => trx.rollback(new Error('no'))),
  },
  { name: 'a commit is heard', work: (knex) => heard(knex, async (trx) => trx.commit()) },
  {
    name: 'a savepoint and its end are heard',
    work: (knex) =>
      heard(knex, async (trx) => {
        const inner = await trx.transaction()
        await inner.rollback()
        await trx.commit()
      }),
  },
  {
    name: 'what a transaction may do',
    work: async (knex) => {
      const trx = await knex.transaction()
      const before = [trx.isTransaction, trx.isCompleted(), typeof trx.savepoint, knex.isTransaction]
      await trx.rollback()
      return [...before, trx.isCompleted(), await trx.executionPromise]
    },
  },
  {
    name: 'ids of inserted rows',
    work: (knex) =>
      withTable(knex, async () => [
        await knex('things').insert({ name: 'a' }).returning('id').catch(String),
        await knex('things').insert({ name: 'b' }, ['id', 'name']).catch(String),
        await knex('things').where({ name: 'a' }).update({ name: 'c' }),
        await knex('things').del(),
      ]),
  },
  {
    name: 'batches, providers, streams and columns',
    work: (knex) =>
      withTable(knex, async () => {
        await knex.batchInsert('things', [{ name: 'a' }, { name: 'b' }, { name: 'c' }], 2)
        const provide = knex.transactionProvider()
        const trx = await provide()
        await trx('things').where({ name: 'a' }).del()
        await trx.commit()
        return [
          await knex('things').pluck('name'),
          Object.keys(await knex('things').columnInfo()),
          await knex.schema.hasColumn('things', 'at'),
        ]
      }),
  },
  {
    name: 'a connection of one’s own',
    work: (knex) =>
      withTable(knex, async () => {
        const client = clientOf(knex)
        const connection = await client.acquireConnection()
        try {
          await knex('things').insert({ name: 'over it' }).connection(connection)
          const rows = await knex('things').select('name').connection(connection)
          const work = async (trx: Knex.Transaction): Promise<unknown> =>
            await trx('things').insert({ name: 'in it' })
          await knex.transaction(work as never, { connection } as never)
          return [rows, await knex('things').count({ n: '*' }).connection(connection)]
        } finally {
          await client.releaseConnection(connection)
        }
      }),
  },
  {
    name: 'what the last statement did, on SQLite',
    on: ['sqlite'],
    work: (knex) =>
      withTable(knex, async () => {
        await knex('things').insert({ name: 'a' })
        await knex('things').insert({ name: 'b' })
        await knex.raw("update things set name = 'c'")
        return [
          await knex.raw(nextTo('last_insert_rowid()')),
          await knex.select(knex.raw('changes() as n')),
          await knex.first({ n: knex.raw('last_insert_rowid()') }),
          await knex.select(knex.raw('?? as n', [knex.raw('changes()')] as never)).catch(() => 'no'),
          ((await knex.raw(nextTo('total_changes()'))) as [{ n: number }])[0].n > 0,
        ]
      }),
  },
  {
    name: 'a temporary table, on SQLite',
    on: ['sqlite'],
    work: async (knex) => {
      await knex.raw('create temporary table passing (a integer)')
      await knex('passing').insert([{ a: 1 }, { a: 2 }])
      const seen = [
        await knex('passing').sum({ n: 'a' }),
        await knex.raw('select a from passing'),
        await knex('passing').pluck('a'),
      ]
      const inside = await knex.transaction<unknown>(async (trx) => await trx('passing').count({ n: '*' }), {
        readOnly: true,
      })
      await knex.schema.dropTable('passing')
      return [...seen, inside]
    },
  },
  {
    name: 'an attached database, on SQLite',
    on: ['sqlite'],
    work: async (knex) => {
      await knex.raw("attach ':memory:' as other")
      await knex.raw('create table other.notes (a integer)')
      await knex.withSchema('other').from('notes').insert({ a: 7 })
      const rows = await knex.withSchema('other').from('notes')
      await knex.raw('detach other')
      return rows
    },
  },
  {
    name: 'dates, as they come back',
    work: (knex) =>
      withTable(knex, async () => {
        for (const moment of moments) await knex('things').insert({ name: moment, at: new Date(moment) })
        return await knex('things').select('name', 'at').orderBy('id')
      }),
  },
  {
    name: 'dates, as they are kept',
    work: (knex) =>
      withTable(knex, async () => {
        for (const moment of moments) await knex('things').insert({ name: moment, at: new Date(moment) })
        return await knex('things')
          .select({ text: knex.raw('cast(at as char(40))') })
          .orderBy('id')
      }),
  },
  {
    name: 'a builder and its text',
    work: (knex) => [
      knex('things').where({ id: 1 }).toQuery(),
      knex.queryBuilder().from('things').toSQL().sql,
      knex.select(knex.ref('things.id')).toQuery(),
      knex.raw('select ?', [1]).toQuery(),
      (knex.fn.now() as unknown as KnexBuilder).sql,
    ],
  },
]
