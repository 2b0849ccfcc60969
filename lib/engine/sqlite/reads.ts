import type { KnexBuilder } from '../knex-client.ts'

const readMethods = new Set(['select', 'first', 'pluck', 'columnInfo'])
const readSchemaMethods = new Set(['hasTable', 'hasColumn'])
const readSql = /^(select|values|explain)\b/i
const readWith = /^with\b(?![^]*\b(insert|update|delete|replace)\b)/i
const readPragma = /^pragma\s+(\w+\.)?(?!optimize|wal_checkpoint|incremental_vacuum)\w+\s*;?\s*$/i
const describingPragma =
  /^pragma\s+(\w+\.)?(table_x?info|table_list|index_x?info|index_list|foreign_key_list|foreign_key_check)\b[^=;]*;?\s*$/i

/** Whether a builder only reads, as far as can be told from its text. What is not sure to read counts as writing. */
export function isRead(builder: KnexBuilder): boolean {
  if (builder._sequence) return builder._sequence.every(({ method }) => readSchemaMethods.has(method))
  if (builder._method) return readMethods.has(builder._method) && !asksConnection(builder)
  if (asksConnection(builder)) return false
  const sql = String(builder.sql).trimStart()
  return [readSql, readWith, readPragma, describingPragma].some((pattern) => pattern.test(sql))
}

/** Facts of the connection that wrote last. */
const ownFacts = /\b(?:last_insert_rowid|(?:total_)?changes)\s*\(\s*\)/i

/** Whether a builder, or a part of it, asks for what only the connection that wrote knows. */
function asksConnection({
  sql,
  bindings,
  _statements,
}: Pick<KnexBuilder, 'sql' | 'bindings' | '_statements'>): boolean {
  if (typeof sql === 'string') return ownFacts.test(sql) || asksIn(bindings)
  return _statements?.some((statement) => Object.values(statement).some(asksIn)) === true
}

function asksIn(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  if (Array.isArray(part)) return part.some(asksIn)
  // Columns by their new names.
  if (Object.getPrototypeOf(part) === Object.prototype) return Object.values(part).some(asksIn)
  return asksConnection(part)
}
