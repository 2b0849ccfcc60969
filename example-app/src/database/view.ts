import type { Problem } from 'failsoft'
import type { Database } from 'failsoft/knex'
import { publicProblem } from './public-problem.ts'

/** What the service runs on, as anybody may see it. */
export interface PublicState {
  readonly status: string
  readonly dialect?: string
  readonly driver?: string
  readonly readOnly?: boolean
  /** How long what is written lasts, where SQLite is the fallback. */
  readonly durability?: string
  readonly reason?: string
  readonly code?: string
  readonly message?: string
  readonly hint?: string
}

/** What `/database` answers. The owner, who has the token, also sees where, and how that was decided. */
export function databaseView(database: Database, isOwner: boolean): object {
  const { config, state } = database
  if (!isOwner) return { state: publicState(database), warnings: config.warnings.map(publicProblem) }
  const { trace, ...decision } = config
  return {
    state: { ...publicState(database), ...problemTexts(state), ...state },
    warnings: config.warnings,
    config: decision,
    trace,
  }
}

function publicState({ state }: Database): PublicState {
  return {
    status: state.status,
    ...('engine' in state && { dialect: state.engine.dialect, driver: state.engine.driver }),
    ...('readOnly' in state && state.readOnly && { readOnly: true }),
    ...('location' in state && { durability: state.location.durability }),
    ...('reason' in state && { reason: state.reason }),
    ...('problem' in state && publicProblem(state.problem)),
  }
}

function problemTexts(state: Database['state']): Partial<Problem> {
  return 'problem' in state ? state.problem : {}
}
