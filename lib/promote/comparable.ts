import { hash } from 'node:crypto'
import type { Column } from './table.ts'
import { keepNumbers } from './json-numbers.ts'
import type { Text } from './primaries/primary.ts'

/**
 * Makes of a text of a column what it has in common with all that mean the same: what was written, and what is read back.
 * Nothing is to be done where that is the text itself.
 */
export function normalizerOf(column: Column): ((text: string) => string) | undefined {
  switch (column.kind) {
    case 'decimal':
      return (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
    case 'float':
      return column.isSingle ? singleBytes : doubleBytes
    case 'json':
      return sortedJson
    case 'uuid':
      return (text) => text.toLowerCase().replaceAll('-', '')
    case 'text':
      return column.isPadded ? (text) => text.replace(/ +$/, '') : undefined
    case 'any':
    case 'boolean':
    case 'bytes':
    case 'date':
    case 'enum':
    case 'instant':
    case 'integer':
    case 'other':
      return undefined
  }
}

/** The text of a column in its comparable form. */
export function comparable(text: Text, column: Column): Text {
  return text === null ? null : (normalizerOf(column)?.(text) ?? text)
}

const bytes = Buffer.alloc(8)

/** The bytes of a number, since each database writes its digits in its own way; -0 is 0. */
function doubleBytes(text: string): string {
  bytes.writeDoubleBE(numberOf(text) + 0)
  return bytes.toString('hex')
}

function singleBytes(text: string): string {
  bytes.writeFloatBE(numberOf(text) + 0)
  return bytes.toString('hex', 0, 4)
}

/** PostgreSQL may be told to write fewer digits than there are, so it is asked for the bytes. */
function numberOf(text: string): number {
  return text.startsWith('x') ? Buffer.from(text.slice(1), 'hex').readDoubleBE() : Number(text)
}

function sortedJson(text: string): string {
  try {
    return sorted(text)
  } catch (error) {
    // It nests so deeply that nobody here can look into it.
    if (error instanceof RangeError) return text
    throw error
  }
}

function sorted(text: string): string {
  return JSON.stringify(JSON.parse(keepNumbers(text)), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** What parts the texts of a row that is summed, and what stands for NULL among them. */
export const sumMarks = { between: '\u001F', null: '\u001E' } as const

/** How many hexadecimal digits a sum has: so few that a hundred thousand of them add up without loss. */
export const sumDigits = 12

/** A short sum of a row's comparable texts, which a server can compute as well. */
export function sumOfTexts(texts: readonly Text[]): string {
  const parts = texts.includes(null) ? texts.map((text) => text ?? sumMarks.null) : texts
  return sumOfLine(parts.join(sumMarks.between))
}

/** The sum of a row whose texts are one already. */
export function sumOfLine(line: string): string {
  return hash('sha256', line, 'hex').slice(0, sumDigits)
}

/** The sum of many rows, whatever their order. */
export class Total {
  static readonly modulus: number = 2 ** 52
  rows = 0
  #sum = 0

  add(sum: string): void {
    this.rows++
    this.#sum = (this.#sum + Number.parseInt(sum, 16)) % Total.modulus
  }

  get sum(): number {
    return this.#sum
  }

  equals(other: { readonly rows: unknown; readonly sum: unknown }): boolean {
    return String(other.rows) === String(this.rows) && String(other.sum) === String(this.#sum)
  }
}
