import { join } from 'node:path'
import type { Knex } from 'knex'
import { createEngine } from '#lib/engine/create-engine.js'
import { promote as promoteBetween, type PromoteBetween } from '#lib/promote/promote.js'
import type { PromoteOptions, PromoteReport } from '#lib/promote/report.js'
import { validateUrl } from '#lib/url/validate-url.js'
import { open, temporaryDirectory } from '../engine/sqlite/open.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'

type Dialect = PromoteBetween['dialect']

interface Owner {
  teardown(end: () => unknown): void
}

/** A database that rows are copied into. */
export interface Place {
  readonly dialect: Dialect
  readonly primary: Knex
  readonly url?: string
}

/** Opens a database by its URL, with the library's engine. */
export function openUrl(t: Owner, url: string): Knex {
  const read = validateUrl(url)
  if (!read.valid) throw new Error(read.problems[0].message)
  const made = createEngine(read.target, { sqliteDriver: 'better-sqlite3' })
  if (!made.ok) throw new Error(made.problem.message)
  t.teardown(() => made.engine.close())
  return made.engine.knex
}

/** Starts one of each server that is there. */
export async function startPlaces(t: Owner): Promise<readonly Place[]> {
  const places: Place[] = [
    { dialect: 'sqlite', primary: openUrl(t, `sqlite:${join(temporaryDirectory(t), 'primary.db')}`) },
  ]
  const postgres = await startPostgres()
  t.teardown(() => postgres.remove())
  places.push({ dialect: 'postgres', primary: openUrl(t, postgres.url), url: postgres.url })
  const mariadb = await startMariadb()
  if ('skip' in mariadb) return places
  t.teardown(() => mariadb.remove())
  return [...places, { dialect: 'mysql', primary: openUrl(t, mariadb.url), url: mariadb.url }]
}

/** A new stand-in with these tables and rows. */
export async function standInWith(
  t: Owner,
  statements: readonly string[],
  driver: 'better-sqlite3' | 'sqlite3' | 'node:sqlite' = 'better-sqlite3',
): Promise<Knex> {
  const knex = open(t, { driver })
  for (const sql of statements) await knex.raw(sql)
  return knex
}

/** Drops what the test before left, and makes these tables. */
export async function remake({ primary, dialect }: Place, statements: readonly string[]): Promise<void> {
  if (dialect === 'postgres') {
    await primary.raw('drop schema public cascade')
    await primary.raw('create schema public')
  } else if (dialect === 'mysql') {
    const [rows] = await primary.raw(
      'select table_name as name from information_schema.tables where table_schema = database()',
    )
    await primary.transaction(async (trx) => {
      await trx.raw('set foreign_key_checks = 0')
      for (const { name } of rows as { name: string }[])
        await trx.raw(`drop table \`${name.replaceAll('`', '``')}\``)
      await trx.raw('set foreign_key_checks = 1')
    })
  } else {
    const rows = await primary.raw(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
    )
    await primary.raw('pragma foreign_keys = 0')
    for (const { name } of rows as { name: string }[])
      await primary.raw(`drop table "${name.replaceAll('"', '""')}"`)
    await primary.raw('pragma foreign_keys = 1')
  }
  for (const sql of statements) await primary.raw(sql)
}

/** Promotes. */
export function promote(
  standIn: Knex,
  { primary, dialect }: Place,
  options?: PromoteOptions,
): Promise<PromoteReport> {
  return promoteBetween({ standIn, primary, dialect, target: 'The database' }, options)
}

/** The rows of a statement, whatever the driver. */
export async function rowsIn(knex: Knex, sql: string): Promise<Record<string, unknown>[]> {
  const answer = (await knex.raw(sql)) as unknown
  if (!Array.isArray(answer)) return (answer as { rows: Record<string, unknown>[] }).rows
  const rows = (Array.isArray(answer[0]) ? answer[0] : answer) as Record<string, unknown>[]
  return rows.map((row) => ({ ...row }))
}
