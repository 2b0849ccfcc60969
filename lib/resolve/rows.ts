import { quoteCause } from '../problem/cause.ts'
import type { Problem } from '../problem/problem.ts'

/** A line of two columns for a person: what it is about, and the text. An empty label goes on with the row above. */
export type Row = readonly [label: string, text: string]

/** The width of the first column. */
export const labelWidth = 13

/** The rows as text, a line each; nothing in them can move the cursor of a terminal. */
export function formatRows(rows: readonly Row[]): string {
  return rows.map(([label, text]) => (label.padEnd(labelWidth) + printableText(text)).trimEnd()).join('\n')
}

/** The text without characters that a terminal obeys. */
export function printableText(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

/** A problem and, below it, what to do about it, and what was said. */
export function problemRows(label: string, { code, message, hint, cause }: Problem): Row[] {
  return [
    [label, `${message} [${code}]`],
    ['', `→ ${hint}`],
    ...(cause ? [['', quoteCause(cause)] as const] : []),
  ]
}
