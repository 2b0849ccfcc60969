import { hash } from 'node:crypto'
import type { Column } from './table.ts'
import type { Text } from './primaries/primary.ts'

/** What two texts of a column have in common when they mean the same: what was written, and what is read back. */
export function comparable(text: Text, column: Column): Text {
  if (text === null) return null
  switch (column.kind) {
    case 'decimal':
      return /\./.test(text) ? text.replace(/\.?0+$/, '') : text
    case 'float':
      return String(column.isSingle ? Math.fround(Number(text)) : Number(text))
    case 'json':
      return sortedJson(text)
    case 'uuid':
      return text.toLowerCase().replaceAll('-', '')
    case 'text':
      return column.isPadded ? text.replace(/ +$/, '') : text
    default:
      return text
  }
}

function sortedJson(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** A short sum of a row's comparable texts. */
export function hashOf(texts: readonly Text[]): string {
  return hash('sha1', JSON.stringify(texts), 'base64').slice(0, 16)
}
