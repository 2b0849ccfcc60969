import type { Command, CommandOption } from './command.ts'

const width = 22

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'Usage: failsoft COMMAND [OPTION]…',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => row(name, summary)),
    '',
    'Options:',
    row('-h, --help', 'show this help, or with a command the help of that'),
    row('-v, --version', 'show the version'),
    '',
    'Exit codes: 0 fine, 1 works but not as asked, 2 broken.',
  ].join('\n')
}

/** The help of one command. */
export function commandHelp({ name, summary, options, operand }: Command): string {
  return [
    `Usage: failsoft ${name} [OPTION]…${operand ? ` [${operand}]` : ''}`,
    '',
    `${summary}.`,
    '',
    'Options:',
    ...Object.entries(options).map(optionRow),
    row('-h, --help', 'show this help'),
    '',
    'Exit codes: 0 fine, 1 works but not as asked, 2 broken.',
  ].join('\n')
}

function optionRow([name, { value, help }]: [string, CommandOption]): string {
  return row(`    --${name}${value ? ` ${value}` : ''}`, help)
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(width)} ${right}`
}
