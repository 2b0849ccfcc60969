import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { errorCode } from '../resolve/error-code.ts'
import { resolveDatabaseConfig } from '../resolve/resolve-database-config.ts'
import { explain } from '../resolve/explain.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import type { Command, CommandOption, Surface } from './command.ts'
import { complain, printRows } from './render.ts'

/** The options of each command that reads the environment. */
export const environmentOptions: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', help: 'print the result as JSON, without secrets' },
  strict: { type: 'boolean', help: 'exit with 1 on any warning' },
  'env-file': {
    type: 'string',
    value: 'FILE',
    help: 'read variables from FILE too; those that are set already win',
  },
}

/** `failsoft resolve`: what would be used, and why. It connects to nothing and writes nothing. */
export const resolveCommand: Command = {
  name: 'resolve',
  summary: 'Show which database would be used, and why; connect to nothing',
  options: environmentOptions,
  run({ flags, values }, surface) {
    const env = readEnvironment(values['env-file'], surface)
    if (!env) return 2
    const config = resolveDatabaseConfig({ env })
    if (flags.has('json')) surface.print(JSON.stringify(config, null, 2))
    else printRows(explain(config), surface)
    return exitCode(config, flags.has('strict'))
  },
}

/**
 * Reads the environment and the file that adds to it, as `node --env-file` does.
 *
 * @param surface - holds the environment, and takes the complaint about a file that cannot be read.
 */
export function readEnvironment(file: string | undefined, surface: Surface): Surface['env'] | undefined {
  if (file === undefined) return surface.env
  try {
    const text = readFileSync(file, 'utf8')
    // In UTF-16 no variable would be found, and each would seem not to be set.
    if (!text.includes('\0')) return { ...parseEnv(text), ...surface.env }
    complain(`the file ${file} is not text in UTF-8`, surface)
  } catch (error) {
    complain(`the file ${file} cannot be read (${errorCode(error)})`, surface)
  }
  return undefined
}

function exitCode({ kind, warnings }: DatabaseConfig, isStrict: boolean): number {
  if (kind === 'unresolved') return 2
  return kind === 'fallback' || (isStrict && warnings.length > 0) ? 1 : 0
}
