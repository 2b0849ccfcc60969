import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Knex } from 'knex'
import { createEngine, type EngineOptions } from 'failsoft/knex'
import type { DatabaseTarget } from 'failsoft'
import { createHandle } from '#lib/connection/handle.js'
import { targetOf } from '../engine/server/open-engine.js'
import type { Substituted, Substitution } from './run-suite.js'

// Loaded before a suite: where the suite makes a knex that connects, it gets the one that is to be tried.
const { subject, knexEntry, client, server, report } = JSON.parse(
  process.env['FAILSOFT_SUBSTITUTION'] ?? '{}',
) as Substitution

type MakeKnex = (config: Knex.Config, ...more: unknown[]) => Knex
type Parts = Readonly<Record<string, unknown>>

const families: readonly (readonly string[])[] = [
  ['pg', 'postgres', 'postgresql'],
  ['mysql2', 'mysql'],
  ['sqlite3', 'better-sqlite3'],
]
const family = families.find((names) => names.includes(client))!
/** What the URL can say of a connection. */
const sayable = ['host', 'port', 'user', 'password', 'database', 'charset', 'filename', 'adapter']
/** What goes into the options, under other names or not at all. */
const ownWords = ['client', 'connection', 'pool', 'acquireConnectionTimeout', 'searchPath']
const poolWords = ['min', 'max', 'acquireTimeoutMillis', 'afterCreate', 'validate']

const require = createRequire(knexEntry)
const plain = require(knexEntry) as MakeKnex
const counted: { made: number; left: Record<string, number> } = { made: 0, left: {} }
process.on('exit', () => writeFileSync(report, JSON.stringify(counted satisfies Substituted)))

require.cache[require.resolve(knexEntry)]!.exports = new Proxy(plain, {
  apply: (_target, _self, args: Parameters<MakeKnex>) => make(...args),
  construct: (_target, args: Parameters<MakeKnex>) => make(...args),
})

function make(config: Knex.Config, ...more: unknown[]): Knex {
  if (typeof config !== 'object' || !family.includes(config.client as string)) return plain(config, ...more)
  const { connection } = config
  // It builds queries, and connects to nothing.
  if (connection === undefined) return plain(config, ...more)
  if (typeof connection === 'function') return leave('connection is a function', config)
  const parts = typeof connection === 'string' ? { filename: connection } : { ...connection, ...server }
  const here = { ...config, client, connection: parts, pool: poolHere(config.pool) }
  if (subject === 'plain') return plain(here)
  const unsayable = [
    ...Object.keys(parts).filter((key) => !sayable.includes(key)),
    ...Object.keys(here.pool).filter((key) => !poolWords.includes(key)),
  ]
  if (unsayable.length > 0) return leave(unsayable.join(' and '), here)
  counted.made++
  return substituteFor(here, parts)
}

function leave(why: string, config: Knex.Config): Knex {
  counted.left[why] = (counted.left[why] ?? 0) + 1
  return plain(config)
}

/** Objection's suite asks sqlite3's way for foreign keys. */
function poolHere(pool: Knex.PoolConfig = {}): Knex.PoolConfig {
  if (client !== 'better-sqlite3' || !/\.run\('PRAGMA/.test(String(pool.afterCreate))) return pool
  const afterCreate = (connection: { pragma(text: string): void }, done: () => void): void => {
    connection.pragma('foreign_keys = ON')
    done()
  }
  return { ...pool, afterCreate }
}

function substituteFor(config: Knex.Config, parts: Parts): Knex {
  const made = createEngine(target(parts, config), options(config))
  if (!made.ok) throw new Error(`${made.problem.message} ${made.problem.hint}`)
  const { knex } = made.engine
  if (subject === 'engine') return knex
  const handle = createHandle(() => knex)
  handle.follow(knex)
  // A handle refuses these two, which belong to the database; a suite has no database.
  return Object.assign(handle.knex, {
    destroy: (done?: () => void) => knex.destroy(done as () => void),
    initialize: (settings?: Knex.Config) => knex.initialize(settings),
  })
}

function target({ filename, database, charset }: Parts, { searchPath }: Knex.Config): DatabaseTarget {
  if (!server) return { dialect: 'sqlite', filename: String(filename), params: {} }
  const { host, port, user, password } = server
  const query = new URLSearchParams({
    ...(searchPath !== undefined && { search_path: [searchPath].flat().join(',') }),
    ...(charset !== undefined && { charset: charset as string }),
  })
  const scheme = client === 'pg' ? 'postgres' : 'mysql'
  return targetOf(`${scheme}://${user}:${password}@${host}:${port}/${String(database)}?${query.toString()}`)
}

function options(config: Knex.Config): EngineOptions {
  const { min, max, acquireTimeoutMillis = config.acquireConnectionTimeout, ...hooks } = config.pool ?? {}
  const through = Object.entries(config).filter(([key]) => !ownWords.includes(key))
  return {
    pool: {
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(acquireTimeoutMillis !== undefined && { acquireTimeoutMs: acquireTimeoutMillis }),
    },
    // The way back that docs/migrate-from-knex.md names, so that its row hides no other difference.
    knex: { compileSqlOnError: true, ...Object.fromEntries(through), pool: hooks },
    drivers: { knex: plain },
    ...(server ? {} : { sqliteDriver: client as 'sqlite3' | 'better-sqlite3' }),
  }
}
