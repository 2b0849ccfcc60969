import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Command, CommandInput, Surface } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, programHelp } from './help.ts'
import { complain, isSecret } from './render.ts'

/**
 * Runs the command that the arguments name.
 *
 * @param argv - the arguments, without the program's name.
 * @param surface - where it writes, and what it runs in.
 * @returns the exit code; 2 where the arguments make no sense.
 */
export async function run(argv: readonly string[], surface: Surface): Promise<number> {
  const [first, ...rest] = argv
  if (first === '-v' || first === '--version') return answer(version(), surface)
  if (first === '-h' || first === '--help') return answer(programHelp(commands), surface)
  if (first === undefined) return refuse('a command is missing', surface)
  const command = commands.find(({ name }) => name === first)
  if (!command) return refuse(`there is no command "${first}"`, surface)
  if (rest.includes('-h') || rest.includes('--help')) return answer(commandHelp(command), surface)
  const input = parse(command, rest)
  if (typeof input === 'string') return refuse(input, surface, ` ${command.name}`)
  return await command.run(input, surface)
}

function answer(text: string, surface: Surface): number {
  surface.print(text)
  return 0
}

function refuse(why: string, surface: Surface, command = ''): number {
  const exitCode = complain(why, surface)
  surface.complain(`Try: failsoft${command} --help`)
  return exitCode
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const about: { version: string } = JSON.parse(text)
  return about.version
}

/** Returns what the arguments say, or a sentence about what is wrong with them. */
function parse({ options, operand }: Command, args: readonly string[]): CommandInput | string {
  const known = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]))
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: operand !== undefined,
    })
    const extra = positionals.find((each, index) => index > 0 || isSecret(each))
    if (extra !== undefined) return `Unexpected argument '${extra}'`
    const entries = Object.entries(values)
    return {
      flags: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
      values: Object.fromEntries(
        entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      operands: positionals,
    }
  } catch (error) {
    return String(error)
      .replace(/^[^:]*: /, '')
      .split('. ')[0]!
  }
}
