import { styleText } from 'node:util'
import { formatRows, labelWidth, printableText, type Row } from '../resolve/rows.ts'
import { assignsPassword, holdsUrl, isLoginPath } from '../url/whole-url.ts'
import type { Surface } from './command.ts'

type Style = Parameters<typeof styleText>[0]

/** The colour of a label. */
const styles: Readonly<Record<string, Style>> = {
  Database: 'bold',
  Reason: 'red',
  Warning: 'yellow',
  taken: 'green',
  refused: 'red',
  'passed-over': 'yellow',
  absent: 'dim',
}

const leastTextWidth = 30

/** Prints rows: on a terminal in colours and wrapped within its second column, else as they are, a line each. */
export function printRows(rows: readonly Row[], surface: Surface): void {
  if (!surface.isTerminal) return surface.print(formatRows(rows))
  for (const row of rows) printWrapped(row, surface)
}

/** Cuts a text so that the next one can be written over it: a terminal breaks what reaches its last column. */
export function onOneLine(text: string, columns: number): string {
  const shown = printableText(text)
  return shown.length < columns ? shown : `${shown.slice(0, Math.max(0, columns - 2))}…`
}

function printWrapped([label, text]: Row, surface: Surface): void {
  const style = hasColors(surface) ? styles[label] : undefined
  const start = label.padEnd(labelWidth)
  const width = Math.max(surface.columns - labelWidth - 1, leastTextWidth)
  wrap(printableText(text), width).forEach((line, index) => {
    const first = style ? styleText(style, start, { validateStream: false }) : start
    surface.print((index === 0 ? first : ' '.repeat(labelWidth)) + line)
  })
}

/** Whether a text may be coloured: a terminal reads it, and nobody has said no. */
export function hasColors({ isTerminal, env }: Surface): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Tells a person why a command cannot be done. Returns the exit code. An argument that may hold a password is not repeated. */
export function complain(why: string, surface: Surface): number {
  surface.complain(`failsoft: ${isSecret(why) ? misplacedSecret : why}`)
  return 2
}

/** Whether an argument, or a sentence that repeats it, looks like a URL, or like another form of an address with a password. */
export function isSecret(text: string): boolean {
  return holdsUrl(text) || assignsPassword(text) || isLoginPath(text)
}

const misplacedSecret =
  'an argument is a URL, or holds a password, and does not belong there: the address of the database belongs into DATABASE_URL'

/** Breaks a text between words; a word that is longer than a line stays whole. What follows an arrow stands behind it. */
export function wrap(text: string, width: number): string[] {
  const indent = text.startsWith('→ ') ? '  ' : ''
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent + word
    } else line += (line === '' ? '' : ' ') + word
  }
  return [...lines, line]
}
