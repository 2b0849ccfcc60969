import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { conflictPolicies, type PromoteOptions, type PromoteReport } from '../promote/report.ts'
import { isBlank } from '../resolve/environment.ts'
import { fallbackCandidates } from '../resolve/fallback-candidates.ts'
import { problemRows, type Row } from '../resolve/rows.ts'
import type { Command, CommandInput, Surface } from './command.ts'
import { complain, printRows } from './render.ts'
import { environmentOptions, readEnvironment } from './resolve-command.ts'

/** `failsoft promote`: copies what was written to a stand-in into the configured database. */
export const promoteCommand: Command = {
  name: 'promote',
  summary: 'Copy what was written to a fallback file into the configured database',
  options: {
    from: { type: 'string', value: 'FILE', help: 'the fallback file; default: the one that holds rows' },
    to: { type: 'string', value: 'URL', help: 'the database; default: the configured one' },
    'dry-run': { type: 'boolean', help: 'name what does not fit, and write nothing' },
    'on-conflict': {
      type: 'string',
      value: 'HOW',
      help: 'where a key exists with other values: fail, skip or overwrite; default: fail',
    },
    json: environmentOptions['json']!,
    'env-file': environmentOptions['env-file']!,
  },
  async run(input, surface) {
    const options = readOptions(input)
    const env = readEnvironment(input.values['env-file'], surface)
    if (!env) return 2
    if (!options) return complain('--on-conflict takes fail, skip or overwrite', surface)
    const { to } = input.values
    if (to !== undefined && isBlank(to)) return complain('name the database: --to URL', surface)
    const file = input.values['from'] ?? findStandIn(env)
    if (file === undefined)
      return complain('there is no fallback file that holds rows; name it: --from FILE', surface)
    if (!existsSync(file)) return complain(`there is no file ${file}`, surface)
    const { promoteFile } = await import('./promote-file.ts')
    const { report, isShipped } = await promoteFile(resolve(file), to, { ...surface, env }, options)
    if (input.flags.has('json')) surface.print(JSON.stringify(report, null, 2))
    else printRows(explain(report, options), surface)
    if (report.problem) return 2
    return report.differences.length > 0 || !isShipped ? 1 : 0
  },
}

function readOptions({ flags, values }: CommandInput): PromoteOptions | undefined {
  const onConflict = conflictPolicies.find((policy) => policy === (values['on-conflict'] ?? 'fail'))
  return onConflict && { dryRun: flags.has('dry-run'), onConflict }
}

/** The first of the places of the fallback that may hold rows. */
function findStandIn(env: Surface['env']): string | undefined {
  const found = fallbackCandidates({ env }).find(({ look }) => look.mayHoldRows)
  return found?.location.filename
}

/** A person reads no more than this; a program asks for JSON. */
const mostShown = 100

function explain(
  { done, rows, differences, problem }: PromoteReport,
  { dryRun }: PromoteOptions,
): readonly Row[] {
  const [verb, result] = dryRun
    ? ['would be copied', problem ? 'would not be done' : 'would be done']
    : ['were written', done ? 'done' : 'not done']
  const shown = differences.slice(0, mostShown).map(({ table, key, column, why }): Row => {
    const place = [table, key && `[${key}]`, column && `.${column}`].filter(Boolean).join('')
    return ['Difference', `${place} ${why}`]
  })
  return [
    ['Promotion', `${result}; ${rows} rows ${verb}`],
    ...(problem ? problemRows('Reason', problem) : []),
    ...shown,
    ...(differences.length > mostShown
      ? [['', `and ${differences.length - mostShown} more; see --json`] as const]
      : []),
  ]
}
