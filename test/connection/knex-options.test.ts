import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import { knexConfig, openDatabase, type KnexOptions } from 'failsoft/knex'
import { targetOf } from '../engine/server/open-engine.js'
import { temporaryDirectory } from '../engine/sqlite/open.js'
import { openPlaces } from './drop-in-places.js'

interface Case {
  readonly name: string
  /** Made anew for each knex. */
  readonly options: (told: string[]) => KnexOptions
  /** What comes out, with what the options were told, must be the same as on a plain knex with these options. */
  readonly work: (knex: Knex) => unknown
}

const directory = temporaryDirectory(t)
const write = (folder: string, file: string, text: string): void => {
  mkdirSync(join(directory, folder), { recursive: true })
  writeFileSync(join(directory, folder, file), text)
}
const make = 'table.string("first_name")'
write(
  'migrations',
  '1_people.cjs',
  `exports.up = (knex) => knex.schema.createTable('people', (table) => { ${make} })
exports.down = (knex) => knex.schema.dropTable('people')`,
)
write('seeds', 'people.cjs', `exports.seed = (knex) => knex('people').insert({ first_name: 'Ann' })`)

const snakeCase: KnexOptions = {
  wrapIdentifier: (name, wrap) => wrap(name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
  postProcessResponse: (answer: unknown) => (Array.isArray(answer) ? answer.map(camelCase) : answer),
}

function camelCase(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row
  const name = (key: string): string =>
    key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [name(key), value as unknown]))
}

async function withTable(knex: Knex, work: () => Promise<unknown>): Promise<unknown> {
  await knex.schema.dropTableIfExists('people')
  await knex.schema.createTable('people', (table) => void table.string('first_name'))
  return await work().finally(() => knex.schema.dropTable('people'))
}

const cases: readonly Case[] = [
  {
    name: 'names are wrapped, and answers processed',
    options: () => snakeCase,
    work: (knex) =>
      withTable(knex, async () => {
        await knex('people').insert({ firstName: 'Ann' })
        const inside = await knex.transaction<unknown>(async (trx) => await trx('people').select('firstName'))
        return [await knex('people'), inside, knex('people').where({ firstName: 'Ann' }).toQuery()]
      }),
  },
  {
    name: 'migrations and seeds',
    options: () => ({
      migrations: { directory: join(directory, 'migrations'), loadExtensions: ['.cjs'], tableName: 'moves' },
      seeds: { directory: join(directory, 'seeds'), loadExtensions: ['.cjs'] },
    }),
    work: async (knex) => {
      await knex.migrate.latest()
      await knex.seed.run()
      const seen = [await knex('people'), await knex('moves').pluck('name')]
      await knex.migrate.rollback()
      await knex.schema.dropTable('moves').dropTable('moves_lock')
      return [...seen, await knex.schema.hasTable('people')]
    },
  },
  {
    name: 'values in the message of an error',
    options: () => ({ compileSqlOnError: true }),
    work: async (knex) =>
      await knex('no_table')
        .where({ name: 'Ann' })
        .catch((error: Error) => error.message),
  },
  {
    name: 'a value that is not given',
    options: () => ({ useNullAsDefault: false }),
    work: async (knex) => {
      const compile = async (): Promise<string> =>
        knex('people')
          .insert([{ a: 1 }, { b: 2 }])
          .toSQL().sql
      return await compile().catch((error: Error) => error.message)
    },
  },
  {
    name: 'the precision of times',
    options: () => ({ defaultDateTimePrecision: 3 }),
    // But for the character set, in which this library differs on MySQL.
    work: (knex) =>
      knex.schema
        .createTable('times', (table) => void table.datetime('at'))
        .toQuery()
        .replace(/ default character set \w+$/, ''),
  },
  {
    name: 'parameters of the user',
    options: () => ({ userParams: { tenant: 'ann' } }),
    work: (knex) => knex.userParams,
  },
  {
    name: 'a log, and debug',
    options: (told) => ({
      debug: true,
      log: {
        debug: (message: unknown) =>
          told.push(
            JSON.stringify(message, (key, value: unknown) => (key === '__knexQueryUid' ? '' : value)),
          ),
        warn: (text: string) => told.push(text),
      },
    }),
    work: async (knex) => await knex.select(knex.raw('1 as one')).where(knex.raw('1 = ?', [1])),
  },
  {
    name: 'the stack of who asked',
    options: () => ({ asyncStackTraces: true }),
    work: async function whoAsked(knex) {
      const error = await knex('no_table').catch((error: Error) => error)
      return String((error as Error).stack).includes('whoAsked')
    },
  },
  {
    name: 'what is done to each connection',
    options: (told) => ({
      pool: {
        afterCreate: (connection: object, done: (error: undefined, connection: object) => void) => {
          told.push('made')
          done(undefined, connection)
        },
      },
    }),
    work: async (knex) => await knex.select(knex.raw('1 as one')),
  },
  {
    name: 'a connection that is refused by validate is replaced',
    options: (told) => ({
      pool: {
        afterCreate: (connection: object, done: (error: undefined, connection: object) => void) => {
          told.push(told.includes('made') ? 'made again' : 'made')
          done(undefined, connection)
        },
        validate: () => told.includes('made again'),
      },
    }),
    work: async (knex) => {
      await knex.select(knex.raw('1 as one'))
      return await knex.select(knex.raw('2 as two'))
    },
  },
]

for (const { name, config, url, options } of await openPlaces(t)) {
  for (const { name: what, options: make, work } of cases) {
    void t.test(`${name}: ${what}`, async (t) => {
      const see = async (knex: Knex, told: string[]): Promise<unknown> => [
        await work(knex),
        [...new Set(told)],
      ]
      const toPlain: string[] = []
      const plain = makeKnex({ ...config, ...make(toPlain) } as Knex.Config)
      t.teardown(() => plain.destroy())
      const want = await see(plain, toPlain)

      const toOwn: string[] = []
      const ofConfig = makeKnex(knexConfig(targetOf(url), { ...options, knex: make(toOwn) }))
      t.teardown(() => ofConfig.destroy())
      t.strictSame(await see(ofConfig, toOwn), want, 'of knexConfig()')

      const database = openDatabase({ url, ...options, knex: make([]), log: () => {} })
      t.teardown(() => database.close())
      await database.connect()
      t.strictSame(await work(database.knex), (want as unknown[])[0], 'handle')
    })
  }
}
