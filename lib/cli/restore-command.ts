import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isBlank } from '../resolve/environment.ts'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import type { Command } from './command.ts'
import { complain, printRows } from './render.ts'
import { environmentOptions, readEnvironment } from './resolve-command.ts'

/** `failsoft restore`: writes what a replica holds into a file. The replica itself is only read. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Restore a SQLite file from its replica, up to a damage if there is one',
  options: {
    replica: { type: 'string', value: 'URL', help: 'the replica; default: the one in SQLITE_REPLICA' },
    to: { type: 'string', value: 'FILE', help: 'the file to write, which must not exist' },
    json: environmentOptions['json']!,
    'env-file': environmentOptions['env-file']!,
  },
  async run({ flags, values }, surface) {
    const env = readEnvironment(values['env-file'], surface)
    if (!env) return 2
    const named = values['replica'] ?? env['SQLITE_REPLICA'] ?? ''
    // Read as a program reads it, whose variables may have quotes around them.
    const replica = cleanValue(named, new Findings('The replica', false))
    const { to } = values
    if (isBlank(replica)) return complain('name the replica: --replica URL', surface)
    if (to === undefined) return complain('name the file to write: --to FILE', surface)
    const file = resolve(to)
    const inTheWay = [file, `${file}-wal`].find((path) => existsSync(path))
    if (inTheWay !== undefined) return complain(`${inTheWay} exists already, and is not overwritten`, surface)
    const { explainCopy, restoreCopy } = await import('./restored-copy.ts')
    const copy = await restoreCopy(replica, file, env, true)
    if (flags.has('json')) surface.print(JSON.stringify({ file, ...copy }, null, 2))
    else printRows([...explainCopy(copy), ...(copy.restored ? [['File', file] as const] : [])], surface)
    if (!copy.restored) return 2
    return copy.warnings.length > 0 ? 1 : 0
  },
}
