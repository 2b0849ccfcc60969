import type { Figure, Target } from './figure.ts'

const heading = ['What', 'Ours', 'Peer', 'Ratio', 'Target', '']

/** The figures as a table of Markdown. */
export function table(figures: readonly Figure[]): string {
  const rows = [heading, ...figures.map(cells)]
  const widths = heading.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`,
  )
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`)
  return lines.join('')
}

function cells({ name, ours, peer, unit, ratio, target, met, skipped }: Figure): string[] {
  if (skipped !== undefined) return [name, '', '', '', '', `skipped: ${skipped}`]
  const amount = (value: number | undefined) => (value === undefined ? '' : `${rounded(value)} ${unit}`)
  return [
    name,
    amount(ours),
    amount(peer),
    ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
    target ? limit(target, ratio === undefined ? ` ${unit}` : '×') : '',
    met === undefined ? '' : met ? 'met' : 'missed',
  ]
}

function limit({ most, least }: Target, unit: string): string {
  return most === undefined ? `≥ ${least}${unit}` : `≤ ${most}${unit}`
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3)
}
