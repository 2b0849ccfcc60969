import type { Knex } from 'knex'
import type { Kind } from '../../connection/drop-in-cases.js'

// What people do with libraries that take a knex. These are installed by the test, so none of their types is here.
// oxlint-disable typescript/no-unsafe-member-access, typescript/no-explicit-any

/** Loads a library. */
export type Load = (name: string) => Promise<unknown>

/** Something that a library does with a knex. */
export interface LibraryCase {
  readonly name: string
  /** The drivers that it knows. Default: all. */
  readonly on?: readonly string[]
  /** What comes out must be the same as on a plain knex. */
  readonly work: (knex: Knex, load: Load, kind: Kind) => Promise<unknown>
}

/** The libraries, each with the range of versions. */
export const libraries: readonly string[] = [
  'bookshelf@^1.2.0',
  'knex-schema-inspector@^3.1.0',
  '@directus/schema@^14.0.0',
  'knex-paginate@^3.2.0',
  'rate-limiter-flexible@^11.0.0',
]

type Loose = any

async function withTables(knex: Knex, work: () => Promise<unknown>): Promise<unknown> {
  await knex.schema.dropTableIfExists('books')
  await knex.schema.dropTableIfExists('authors')
  await knex.schema.createTable('authors', (table) => {
    table.increments('id')
    table.string('name', 40).notNullable().unique()
  })
  await knex.schema.createTable('books', (table) => {
    table.increments('id')
    table.integer('author_id').unsigned().references('authors.id')
    table.string('title').defaultTo('untitled')
    table.decimal('price', 8, 2)
  })
  return await work().finally(() => knex.schema.dropTable('books').dropTable('authors'))
}

async function shelve(knex: Knex, load: Load): Promise<unknown> {
  const bookshelf = ((await load('bookshelf')) as Loose)(knex)
  const Book = bookshelf.model('Book', { tableName: 'books' })
  const Author = bookshelf.model('Author', {
    tableName: 'authors',
    books(this: Loose) {
      return this.hasMany('Book')
    },
  })
  const ann = await new Author({ name: 'Ann' }).save()
  const first = await Book.forge({ title: 'One', author_id: ann.id }).save()
  await bookshelf.transaction(async (transacting: Knex.Transaction) => {
    const ben = await new Author({ name: 'Ben' }).save(null, { transacting })
    await new Book({ title: 'Two', author_id: ben.id }).save(null, { transacting })
  })
  const undone = await bookshelf
    .transaction(async (transacting: Knex.Transaction) => {
      await new Author({ name: 'Cay' }).save(null, { transacting })
      throw new Error('undone')
    })
    .catch((error: Error) => error.message)
  await first.save({ title: 'One, again' }, { patch: true })
  const all = await Author.fetchAll({ withRelated: ['books'] })
  const count = Number(await Book.count())
  await first.destroy()
  return [ann.id, first.id, undone, all.toJSON(), count, (await Book.fetchAll()).length]
}

async function inspect(knex: Knex, inspector: Loose): Promise<unknown> {
  const columns = await inspector.columnInfo('books')
  return {
    tables: (await inspector.tables()).toSorted(),
    hasTable: await inspector.hasTable('books'),
    hasColumn: await inspector.hasColumn('books', 'title'),
    primary: await inspector.primary('books'),
    foreignKeys: await inspector.foreignKeys('books'),
    columns: columns.toSorted((a: Loose, b: Loose) => a.name.localeCompare(b.name)),
    overview: await inspector.overview?.(),
    rows: await knex('books').count({ n: '*' }),
  }
}

const extended = new WeakSet<object>()

async function paginate(knex: Knex, load: Load): Promise<unknown> {
  const { attachPaginate } = (await load('knex-paginate')) as Loose
  // It may be attached once for all knexes.
  if (!extended.has(attachPaginate)) attachPaginate()
  extended.add(attachPaginate)
  await knex('authors').insert(['Ann', 'Ben', 'Cay', 'Dan', 'Eve'].map((name) => ({ name })))
  const page = (settings: object): Promise<unknown> =>
    (knex('authors').select('name').orderBy('id') as Loose).paginate(settings)
  return [
    await page({ perPage: 2, currentPage: 1 }),
    await page({ perPage: 2, currentPage: 3, isLengthAware: true }),
    await page({ perPage: 2, currentPage: 2, isFromStart: true }),
  ]
}

const limiters = {
  pg: 'RateLimiterPostgres',
  mysql2: 'RateLimiterMySQL',
  sqlite: 'RateLimiterSQLite',
} as const

async function limit(knex: Knex, load: Load, kind: Kind): Promise<unknown> {
  const { [limiters[kind]]: Limiter } = (await load('rate-limiter-flexible')) as Loose
  await knex.schema.dropTableIfExists('limits')
  const limiter = await new Promise<Loose>((resolve, reject) => {
    const settings = { storeClient: knex, storeType: 'knex', tableName: 'limits', points: 2, duration: 60 }
    const place = { dbName: knex.client.config.connection.database, clearExpiredByTimeout: false }
    const made: Loose = new Limiter({ ...settings, ...place }, (error?: Error) => {
      if (error) reject(error)
      else setImmediate(() => resolve(made))
    })
  })
  const told = ({ consumedPoints, remainingPoints }: Loose): unknown => [consumedPoints, remainingPoints]
  const seen = [
    told(await limiter.consume('ann')),
    told(await limiter.consume('ann')),
    told(await limiter.consume('ann').catch((refused: unknown) => refused)),
    told(await limiter.get('ann')),
    told(await limiter.reward('ann', 2)),
    await limiter.delete('ann'),
    await limiter.get('ann'),
  ]
  // On SQLite the library mixes up its own savepoints, and leaves one open on any knex.
  const atOnce = kind === 'sqlite' ? 1 : 6
  const together = await Promise.allSettled(Array.from({ length: atOnce }, () => limiter.consume('ben')))
  await knex.schema.dropTable('limits')
  return [seen, together.filter(({ status }) => status === 'fulfilled').length]
}

export const cases: readonly LibraryCase[] = [
  { name: 'bookshelf', work: (knex, load) => withTables(knex, () => shelve(knex, load)) },
  {
    name: 'knex-schema-inspector',
    work: (knex, load) =>
      withTables(knex, async () =>
        inspect(knex, ((await load('knex-schema-inspector')) as Loose).default(knex)),
      ),
  },
  {
    name: '@directus/schema',
    // It knows better-sqlite3 on no knex.
    on: ['pg', 'mysql2', 'sqlite3'],
    work: (knex, load) =>
      withTables(knex, async () =>
        inspect(knex, ((await load('@directus/schema')) as Loose).createInspector(knex)),
      ),
  },
  { name: 'knex-paginate', work: (knex, load) => withTables(knex, () => paginate(knex, load)) },
  { name: 'rate-limiter-flexible', work: limit },
]
