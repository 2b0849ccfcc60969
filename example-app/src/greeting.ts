import { styleText } from 'node:util'
import type { ConnectionState, Database } from 'failsoft/knex'

type Row = readonly [label: string, text: string]

const durability: Readonly<Record<string, string>> = {
  persistent: 'Its rows are kept on this disk.',
  replicated: 'Its rows are copied to the replica.',
  bucket: 'Its rows are kept in the mounted bucket.',
  ephemeral: 'The database is temporary: its rows will be lost.',
  memory: 'The database is in memory: its rows will be lost.',
  unknown: 'Whether its rows outlive a restart is not known.',
}

/** What the start says to a person at a terminal: what the service runs on, why, and what to do. */
export function greeting({ state, config }: Pick<Database, 'state' | 'config'>): string {
  const notes = config.warnings.filter(({ code }) => code !== 'sqlite-ephemeral')
  return [...databaseRows(state), ...notes.map(({ message, hint }): Row => ['Note', `${message} ${hint}`])]
    .map(line)
    .join('')
}

/** A line of the greeting. Colours are left out where the terminal has none, or NO_COLOR is set. */
export function line([label, text]: Row): string {
  return `  ${styleText('green', label.padEnd(10))}${text}\n`
}

function databaseRows(state: ConnectionState): Row[] {
  switch (state.status) {
    case 'connected':
      return [['Database', `${state.engine.target}${state.readOnly ? ' (read-only: used as it is)' : ''}`]]
    case 'fallback':
      return [
        ['Database', `SQLite, ${state.location.filename}`],
        ['', durability[state.location.durability] ?? ''],
        ['Why', state.problem.message],
        ['To do', state.problem.hint],
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
