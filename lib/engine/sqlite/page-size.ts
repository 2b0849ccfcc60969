/**
 * A statement whose `n` is how many of these rows make a page: as many as hold so much together, but one at least. SQLite knows how
 * long a BLOB is without reading it.
 *
 * @param columns - expressions of SQLite.
 * @param rows - where they are from: a clause from `from` to `limit`.
 */
export function pageSizeSql(columns: readonly string[], rows: string, mostBytes: number): string {
  const size = columns.map((column) => `coalesce(length(${column}), 0)`).join(' + ')
  const sizes = `select sum(size) over (rows unbounded preceding) as size from (select ${size} as size ${rows})`
  return `select max(min(count(*), 1), coalesce(sum(size <= ${mostBytes}), 0)) as n from (${sizes})`
}
