import { join } from 'node:path'
import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import { createEngine, knexConfig, openDatabase, type EngineOptions } from 'failsoft/knex'
import { targetOf } from '../engine/server/open-engine.js'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { temporaryDirectory } from '../engine/sqlite/open.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { cases, type Kind } from './drop-in-cases.js'

process.env['TZ'] = 'America/New_York'

const log = { debug() {}, warn() {}, error() {}, deprecate() {} }
const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

interface Place {
  readonly kind: Kind
  /** What knex calls it. */
  readonly client: string
  readonly url: string
  readonly connection: Knex.StaticConnectionConfig
  readonly options?: EngineOptions
}

function server(client: 'pg' | 'mysql2', url: string): Place {
  const { hostname, port, username, password, pathname } = new URL(url)
  const connection = {
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database: pathname.slice(1),
  }
  return { kind: client, client, url, connection }
}

const places: Place[] = [server('pg', postgres.url)]
if ('url' in mariadb) places.push(server('mysql2', mariadb.url))
const directory = temporaryDirectory(t)
for (const { name, skip } of sqliteDrivers) {
  if (skip) continue
  const filename = join(directory, `${name.replace(':', '-')}.db`)
  const client = name === 'node:sqlite' ? 'better-sqlite3' : name
  places.push({
    kind: 'sqlite',
    client,
    url: `sqlite:${filename}`,
    connection: { filename },
    options: { sqliteDriver: name },
  })
}

for (const place of places) {
  const { kind, client, connection, options = {} } = place
  const name = options.sqliteDriver ?? client
  void t.test(name, async (t) => {
    const plain = makeKnex({ client, connection, log, ...(kind === 'sqlite' && { useNullAsDefault: true }) })
    t.teardown(() => plain.destroy())
    const made = createEngine(targetOf(place.url), options)
    if (!made.ok) throw new Error(made.problem.message)
    t.teardown(() => made.engine.close())
    const database = openDatabase({ url: place.url, ...options, log: () => {} })
    t.teardown(() => database.close())
    await database.connect()
    const ofConfig = makeKnex(knexConfig(targetOf(place.url), options))
    t.teardown(() => ofConfig.destroy())
    const subjects = { engine: made.engine.knex, handle: database.knex, 'of knexConfig()': ofConfig }

    for (const { name, on, work } of cases) {
      if (on && !on.includes(kind)) continue
      await t.test(name, async (t) => {
        const want = await work(plain)
        for (const [subject, knex] of Object.entries(subjects)) t.strictSame(await work(knex), want, subject)
      })
    }

    await t.test('a copy of the config is a plain knex, without the password', async (t) => {
      for (const knex of Object.values(subjects)) {
        const { config } = knex.client as { config: Knex.Config }
        const copy = makeKnex({ ...config })
        t.teardown(() => copy.destroy())
        t.equal(typeof config.client, 'string')
        const { password } = (copy.client as { config: { connection: { password?: string } } }).config
          .connection
        t.equal(password, undefined)
        if (kind === 'sqlite') t.ok(await copy.select(copy.raw('1 as one')))
      }
    })

    await t.test('initialize() after destroy()', async (t) => {
      for (const knex of [made.engine.knex, ofConfig, plain]) {
        await knex.destroy()
        await t.rejects(knex.raw('select 1'))
        knex.initialize()
        t.match(await knex.select(knex.raw('1 as one')), [{ one: /1/ }])
        await knex.destroy()
      }
    })
  })
}
