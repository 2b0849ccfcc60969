import { resolve } from 'node:path'
import { styleText } from 'node:util'
import type { Command, Surface } from './command.ts'
import type { Finding } from '../doctor/finding.ts'
import { hasColors, wrap } from './render.ts'

/** `failsoft doctor`: is this folder a Space that will build, boot and serve? It changes nothing. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check whether a folder is a Space that will build, boot and serve',
  operand: 'DIR',
  options: { json: { type: 'boolean', help: 'print the findings as JSON' } },
  async run({ flags, operands }, surface) {
    // Loaded only here: nothing else needs what it needs.
    const { examine } = await import('../doctor/examine.ts')
    const findings = examine(resolve(operands[0] ?? '.'))
    if (flags.has('json')) surface.print(JSON.stringify({ status: status(findings), findings }, null, 2))
    else report(findings, surface)
    return exitCodes[status(findings)]
  },
}

const exitCodes = { pass: 0, warn: 1, fail: 2 } as const

function status(findings: readonly Finding[]): keyof typeof exitCodes {
  if (findings.some(({ severity }) => severity === 'error')) return 'fail'
  return findings.some(({ severity }) => severity === 'warning') ? 'warn' : 'pass'
}

const colors = { error: 'red', warning: 'yellow', note: 'blue' } as const

function report(findings: readonly Finding[], surface: Surface): void {
  const { print, isTerminal, columns } = surface
  const isColoured = hasColors(surface)
  const width = Math.max(40, isTerminal ? columns : 80)
  for (const { code, severity, file, line, message, hint, fix } of findings) {
    // Whether a terminal reads it is known; Node would look at its own standard output.
    const label = isColoured ? styleText(colors[severity], severity, { validateStream: false }) : severity
    print(`${label} ${file}:${line} ${code}`)
    for (const each of wrap(message, width - 2)) print(`  ${each}`)
    for (const [index, each] of wrap(hint, width - 4).entries())
      print(index === 0 ? `  → ${each}` : `    ${each}`)
    for (const each of fix?.split('\n') ?? []) print(`      ${each}`)
    print('')
  }
  print(summary(findings))
}

function summary(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const number = findings.filter((each) => each.severity === severity).length
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`]
  })
  const verdict = {
    fail: 'This Space will not work',
    warn: 'This Space may not work as meant',
    pass: 'Nothing was found that breaks',
  }
  return `${verdict[status(findings)]}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`
}
