import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import type { KnexBuilder } from '#lib/engine/knex-client.js'
import { isRead } from '#lib/engine/sqlite/reads.js'

const knex = makeKnex({ client: 'better-sqlite3', useNullAsDefault: true })

const reads: readonly { name: string; input: PromiseLike<unknown> }[] = [
  { name: 'select', input: knex('t').where({ a: 1 }) },
  { name: 'first', input: knex('t').first() },
  { name: 'pluck', input: knex('t').pluck('a') },
  { name: 'count', input: knex('t').count() },
  { name: 'with … select', input: knex.with('x', knex('t')).from('x') },
  { name: 'hasTable', input: knex.schema.hasTable('t') },
  { name: 'hasColumn', input: knex.schema.hasColumn('t', 'a') },
  ...[
    'select 1',
    '  SELECT 1',
    '\n values (1)',
    'explain query plan delete from t',
    'with x as (select 1) select * from x',
    'pragma user_version',
    'PRAGMA main.journal_mode;',
    'pragma table_info(t)',
    'pragma foreign_key_list("t")',
  ].map((sql) => ({ name: sql, input: knex.raw(sql) })),
]

const writes: readonly { name: string; input: PromiseLike<unknown> }[] = [
  { name: 'insert', input: knex('t').insert({ a: 1 }) },
  { name: 'upsert', input: knex('t').insert({ a: 1 }).onConflict('a').merge() },
  { name: 'update', input: knex('t').update({ a: 1 }) },
  { name: 'delete', input: knex('t').delete() },
  { name: 'truncate', input: knex('t').truncate() },
  { name: 'with … insert', input: knex.with('x', knex('t')).from('t').insert({ a: 1 }) },
  { name: 'createTable', input: knex.schema.createTable('t', () => {}) },
  {
    name: 'hasTable among others',
    input: (knex.schema.hasTable('t') as unknown as Knex.SchemaBuilder).dropTable('t'),
  },
  ...[
    'insert into t values (1)',
    'with x as (select 1) insert into t select * from x',
    'with x as (select 1)\ndelete from t',
    'pragma user_version = 1',
    'pragma journal_mode(delete)',
    'pragma wal_checkpoint(truncate)',
    'pragma wal_checkpoint',
    'PRAGMA optimize;',
    'begin',
    'vacuum',
    '/* not looked into */ select 1',
    'selectx',
  ].map((sql) => ({ name: sql, input: knex.raw(sql) })),
]

void t.test('what only reads', async (t) => {
  for (const { name, input } of reads) t.equal(isRead(input as unknown as KnexBuilder), true, name)
})

void t.test('what writes, or may', async (t) => {
  for (const { name, input } of writes) t.equal(isRead(input as unknown as KnexBuilder), false, name)
})
