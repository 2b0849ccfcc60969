import { styleText } from 'node:util'
import type { ConnectionState, Database } from 'failsoft/knex'

type Row = readonly [label: string, text: string]

/** What becomes of what is written, in the words of the log and of the page. */
export const promises: Readonly<Record<string, string>> = {
  persistent: 'Its rows outlive this program and its container.',
  replicated: 'Its rows are copied to the replica as they are written, and outlive this disk.',
  bucket: 'Its rows outlive the container, but a crash may lose the last seconds.',
  ephemeral: 'The database is temporary: its rows will be lost.',
  memory: 'The database is in memory: its rows will be lost.',
  unknown: 'Whether its rows outlive a restart cannot be seen from here.',
}

const returns = 'The service returns by itself when the database answers.'

/** What the start says to a person at a terminal: what the service runs on, why, and what to do. */
export function greeting({ state, config }: Pick<Database, 'state' | 'config'>): string {
  const toDo = 'problem' in state ? state.problem?.hint : undefined
  // What was said already is not said again.
  const notes = config.warnings.filter(
    ({ code, hint }) => code !== 'sqlite-ephemeral' && !toDo?.includes(hint),
  )
  return [...databaseRows(state), ...notes.map(({ message, hint }): Row => ['Note', `${message} ${hint}`])]
    .map(line)
    .join('')
}

const indent = 12

/** A line of the greeting, or more where it is long. Colours are left out where the terminal has none, or NO_COLOR is set. */
export function line([label, text]: Row): string {
  const lines = wrap(text, (process.stdout.columns || 80) - indent)
  return `  ${styleText('green', label.padEnd(indent - 2))}${lines.join(`\n${' '.repeat(indent)}`)}\n`
}

/** Words that are too long stay whole: people copy addresses and paths. */
function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart()
    if (longer.length > width && lines.at(-1)) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function copyRows({ replica }: Extract<ConnectionState, { status: 'connected' | 'fallback' }>): Row[] {
  return replica ? [['Copy', `every ${replica.intervalMs / 1000} s to ${replica.target}`]] : []
}

function databaseRows(state: ConnectionState): Row[] {
  switch (state.status) {
    case 'connected':
      return [
        ['Database', `${state.engine.target}${state.readOnly ? ' (read-only: used as it is)' : ''}`],
        ...copyRows(state),
      ]
    case 'fallback':
      return [
        ['Database', `SQLite, ${state.location.filename}`],
        ['', promises[state.location.durability] ?? ''],
        ...copyRows(state),
        ['Why', state.problem.message],
        ['To do', state.problem.hint],
        ...(state.primary && state.standIn.clean ? [['Way back', returns] as const] : []),
      ]
    case 'unavailable':
      return [
        ['Database', styleText('red', 'none')],
        ['Why', state.problem.message],
        ['To do', state.problem.hint],
      ]
    case 'idle':
    case 'connecting':
    case 'reconnecting':
    case 'closing':
    case 'closed':
      return [['Database', `not there yet (${state.status})`]]
  }
}
