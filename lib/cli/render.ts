import { styleText } from 'node:util'
import { labelWidth } from '../resolve/explain.ts'
import type { Surface } from './command.ts'

type Style = Parameters<typeof styleText>[0]

/** The colour of a line by its label. */
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

/**
 * Prints an explanation: on a terminal in colours and wrapped within its second column, else as it is, a line each.
 *
 * @param explanation - lines of two columns, see `DatabaseConfig.explain`.
 * @param surface - where to print.
 */
export function printExplanation(explanation: string, surface: Surface): void {
  for (const line of explanation.split('\n')) {
    if (surface.isTerminal) printWrapped(line, surface)
    else surface.print(line)
  }
}

function printWrapped(line: string, surface: Surface): void {
  const label = line.slice(0, labelWidth)
  const style = hasColors(surface.env) ? styles[label.trim()] : undefined
  const parts = wrap(line.slice(labelWidth), Math.max(surface.columns - labelWidth - 1, leastTextWidth))
  parts.forEach((part, index) => {
    const start = index === 0 ? label : ' '.repeat(labelWidth)
    surface.print(style ? styleText(style, start, { validateStream: false }) + part : start + part)
  })
}

function hasColors(env: Surface['env']): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

function wrap(text: string, width: number): string[] {
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
