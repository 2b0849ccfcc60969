/** The word for a table's row id, which a column may be called too; none where all of its words are columns. */
export function rowIdBeside(columns: readonly string[]): string | undefined {
  const taken = new Set(columns.map((name) => name.toLowerCase()))
  return ['rowid', '_rowid_', 'oid'].find((word) => !taken.has(word))
}
