/** What a page holds at most, but for a row that is larger itself. */
export interface PageBounds {
  readonly rows: number
  readonly bytes: number
}

/** A file that holds no more than this needs no closer look: neither does any page of it. */
const smallFile = 32_000_000

/**
 * A statement whose `n` is how many of these rows make a page. SQLite knows how long a BLOB is without reading it.
 *
 * @param columns - expressions of SQLite.
 * @param rows - where they are from: a clause from `from` to `limit`, without the number.
 */
export function pageSizeSql(columns: readonly string[], rows: string, most: PageBounds): string {
  const size = columns.map((column) => `coalesce(length(${column}), 0)`).join(' + ')
  const sizes = `select ${size} as size ${rows} ${most.rows}`
  // To add up row by row takes twice as long, and few pages need it.
  const fitting = `select max(1, sum(size <= ${most.bytes})) from (select sum(size) over (rows unbounded preceding) as size from sizes)`
  const counted = `select iif(coalesce(sum(size), 0) <= ${most.bytes}, count(*), (${fitting})) from sizes`
  return `with sizes as (${sizes}) select iif(c.page_count * s.page_size <= ${smallFile}, ${most.rows}, (${counted})) as n
    from pragma_page_count c, pragma_page_size s`
}
