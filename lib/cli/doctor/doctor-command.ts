import { resolve } from 'node:path'
import { styleText } from 'node:util'
import type { Command, Surface } from '../command.ts'
import type { Finding } from './finding.ts'

/** `failsoft doctor`: is this folder a Space that will build, boot and serve? It changes nothing. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check whether a folder is a Space that will build, boot and serve',
  operand: 'DIR',
  options: { json: { type: 'boolean', help: 'print the findings as JSON' } },
  async run({ flags, operands }, surface) {
    // Loaded only here: nothing else needs what it needs.
    const { examine } = await import('./examine.ts')
    const findings = examine(resolve(operands[0] ?? '.'))
    if (flags.has('json')) surface.print(JSON.stringify({ status: status(findings), findings }, null, 2))
    else report(findings, surface)
    return exitCodes[status(findings)]
  },
}

const exitCodes = { pass: 0, warn: 1, fail: 2 } as const

function status(findings: readonly Finding[]): keyof typeof exitCodes {
  if (findings.some(({ severity }) => severity === 'error')) return 'fail'
  return findings.length > 0 ? 'warn' : 'pass'
}

function report(findings: readonly Finding[], { print, isTerminal, env }: Surface): void {
  const hasColors = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  for (const { code, severity, file, line, message, hint } of findings) {
    // Whether a terminal reads it is known; Node would look at its own standard output.
    const label = hasColors
      ? styleText(severity === 'error' ? 'red' : 'yellow', severity, { validateStream: false })
      : severity
    print(`${file}:${line}: ${label} ${code}: ${message}`)
    print(`  → ${hint}`)
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length
  print(
    findings.length === 0
      ? 'Nothing found.'
      : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}.`,
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
