import { createRequire } from 'node:module'
import knex from 'knex'
import mysql2 from 'mysql2'
import pg from 'pg'
import sqlite3 from 'sqlite3'
import t from 'tap'
import { createEngine, openDatabase, type EngineOptions } from 'failsoft/knex'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { targetOf } from './server/open-engine.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

type DatabaseClass = new (...args: unknown[]) => object
const Database = createRequire(import.meta.url)('better-sqlite3') as DatabaseClass
let used = 0

class CountedPg extends pg.Client {
  override connect(...args: unknown[]): never {
    used++
    return super.connect(...(args as [])) as never
  }
}

class CountedSqlite3 extends sqlite3.Database {
  constructor(...args: ConstructorParameters<typeof sqlite3.Database>) {
    used++
    super(...args)
  }
}

const Counted = new Proxy(Database, {
  construct(target, args: unknown[]) {
    used++
    return new target(...args)
  },
})

const { KnexTimeoutError } = knex as unknown as Record<string, unknown>
const countKnex = (...args: Parameters<typeof knex>): ReturnType<typeof knex> => {
  used++
  return knex(...args)
}
const countedKnex = Object.assign(countKnex, { KnexTimeoutError })

const countedMysql2 = {
  ...mysql2,
  createConnection(...args: Parameters<typeof mysql2.createConnection>) {
    used++
    return mysql2.createConnection(...args)
  },
}

interface Case {
  readonly name: string
  readonly url: string
  readonly options: EngineOptions
}

const cases: Case[] = [
  { name: 'pg', url: postgres.url, options: { drivers: { pg: { ...pg, Client: CountedPg } } } },
  { name: 'better-sqlite3', url: 'sqlite::memory:', options: { drivers: { 'better-sqlite3': Counted } } },
  {
    name: 'sqlite3, tried before those that are found',
    url: 'sqlite::memory:',
    options: { drivers: { sqlite3: { ...sqlite3, Database: CountedSqlite3 } } },
  },
  { name: 'knex', url: 'sqlite::memory:', options: { drivers: { knex: countedKnex } } },
  {
    name: 'what import * gives',
    url: 'sqlite::memory:',
    options: { drivers: { 'better-sqlite3': { default: Counted } } },
  },
]
if ('url' in mariadb)
  cases.push({ name: 'mysql2', url: mariadb.url, options: { drivers: { mysql2: countedMysql2 } } })

for (const { name, url, options } of cases) {
  void t.test(`a package that is handed over is the one in use: ${name}`, async (t) => {
    used = 0
    const made = createEngine(targetOf(url), options)
    if (!made.ok) throw new Error(made.problem.message)
    t.teardown(() => made.engine.close())
    t.match(await made.engine.knex.select(made.engine.knex.raw('1 as one')), [{ one: 1 }])
    t.ok(used > 0, 'by an engine')

    used = 0
    const database = openDatabase({ url, ...options })
    t.teardown(() => database.close())
    t.match(await database.connect(), { status: 'connected' })
    t.ok(used > 0, 'by a database')
  })
}

void t.test('a package that works as another one is a mistake of the program', async (t) => {
  for (const [name, drivers] of Object.entries({
    knex: { knex: pg },
    pg: { pg: mysql2 },
    mysql2: { mysql2: pg },
    'better-sqlite3': { 'better-sqlite3': sqlite3 },
    sqlite3: { sqlite3: Database },
  })) {
    const message = new RegExp(`options\\.drivers\\.${name}.*the package ${name}`)
    t.throws(() => openDatabase({ drivers }), { name: 'TypeError', message }, name)
  }
})
