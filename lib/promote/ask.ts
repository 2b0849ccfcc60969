import type { Knex } from 'knex'
import type { KnexBuilder } from '../engine/knex-client.ts'

/** Runs a statement, and answers its rows as the driver gives them. */
export async function ask<Row>(
  knex: Knex,
  sql: string,
  bindings?: readonly Knex.RawBinding[],
): Promise<readonly Row[]> {
  const answer = await asItIs(bindings ? knex.raw(sql, bindings) : knex.raw(sql))
  if (!Array.isArray(answer)) return (answer as { rows: Row[] }).rows
  return (Array.isArray(answer[0]) ? answer[0] : answer) as Row[]
}

/** Asks SQLite, and answers the values of each row: many of them take half the time where the driver makes no objects. */
export async function askForValues(
  knex: Knex,
  sql: string,
  bindings?: readonly Knex.RawBinding[],
): Promise<readonly unknown[][]> {
  const raw = bindings ? knex.raw(sql, bindings) : knex.raw(sql)
  const statement = raw.options({ failsoftArrays: true })
  const rows = (await asItIs(statement)) as (unknown[] | object)[]
  return rows.map((row) => (Array.isArray(row) ? row : Object.values(row)))
}

/** A program's own `postProcessResponse` may rename columns, which is for its own questions. */
function asItIs(statement: Knex.Raw): PromiseLike<unknown> {
  const builder = statement as unknown as KnexBuilder
  builder.client = Object.create(builder.client, {
    postProcessResponse: { value: (response: unknown) => response },
  }) as KnexBuilder['client']
  return statement
}
