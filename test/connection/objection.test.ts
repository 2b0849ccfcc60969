import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { Model, transaction } from 'objection'
import t from 'tap'
import { openDatabase } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'

class Task extends Model {
  static override tableName = 'tasks'
  static override relationMappings = {
    steps: {
      relation: Model.HasManyRelation,
      modelClass: () => Step,
      join: { from: 'tasks.id', to: 'steps.taskId' },
    },
  }
  declare id: number
  declare title: string
  declare steps?: Step[]
}

class Step extends Model {
  static override tableName = 'steps'
  declare id: number
  declare text: string
}

async function prepare(knex: Knex): Promise<void> {
  await knex.schema.createTable('tasks', (table) => {
    table.increments()
    table.string('title')
  })
  await knex.schema.createTable('steps', (table) => {
    table.increments()
    table.integer('taskId').references('tasks.id')
    table.string('text')
  })
}

async function titles(): Promise<string[]> {
  return (await Task.query().orderBy('id')).map(({ title }) => title)
}

// One process has one such knex, so these follow each other.
for (const { name, skip } of sqliteDrivers) {
  void t.test(`${name}: a global Model.knex(database.knex)`, { skip }, async (t) => {
    const cwd = t.testdir({ inTheWay: 'a file' })
    const database = openDatabase({
      env: { DATABASE_URL: `sqlite:${join(cwd, 'inTheWay/app.db')}` },
      strategy: 'always',
      returnToPrimary: 'manual',
      sqliteDriver: name,
      cwd,
      log: () => {},
      prepare,
    })
    t.teardown(() => database.close())
    Model.knex(database.knex)

    await t.test('may be set before connect(); until then a query is refused', async (t) => {
      await t.rejects(async () => await Task.query(), { name: 'DatabaseUnavailableError' })
      t.match(await database.connect(), { status: 'fallback' })
      t.match(await Task.query().insert({ title: 'first' }), { id: 1 })
      t.strictSame(await titles(), ['first'])
    })

    await t.test('takes part in transactions, however they are begun', async (t) => {
      const ways: Record<string, (work: (trx: Knex.Transaction) => Promise<void>) => Promise<void>> = {
        'of the database': (work) => database.transaction(work),
        'of a model': (work) => Task.transaction(work),
        'of Objection': (work) => transaction(Task.knex(), work),
        'of knex': (work) => Task.knex().transaction(work),
      }
      for (const [way, begin] of Object.entries(ways)) {
        await begin(async (trx) => void (await Task.query(trx).insert({ title: way })))
        const undone = begin(async (trx) => {
          await Task.query(trx).insertGraph({ title: 'undone', steps: [{ text: 'too' }] })
          throw new Error('undone')
        })
        await t.rejects(undone, { message: 'undone' }, way)
      }
      t.strictSame(await titles(), ['first', ...Object.keys(ways)])
      t.strictSame(await Step.query(), [])
    })

    await t.test('reads and writes graphs', async (t) => {
      await Task.query().insertGraph({ title: 'with steps', steps: [{ text: 'one' }, { text: 'two' }] })
      const task = await Task.query().findOne({ title: 'with steps' }).withGraphFetched('steps')
      t.match(task, { steps: [{ text: 'one' }, { text: 'two' }] })
    })

    await t.test('follows the handle to the configured database', async (t) => {
      rmSync(join(cwd, 'inTheWay'))
      t.match(await database.returnToPrimary(), { status: 'connected' })
      t.strictSame(await titles(), [], 'where nothing was written yet')
      t.match(await Task.query().insert({ title: 'there' }), { id: 1 })
    })

    await t.test('work that must stay on one engine gets its own', async (t) => {
      const seen = await database.session(async (knex) => {
        t.not(knex, database.knex)
        return (await Task.query(knex)).map(({ title }) => title)
      })
      t.strictSame(seen, ['there'])
    })
  })
}
