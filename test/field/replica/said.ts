import type { ConnectionState } from 'failsoft/knex'

/** What the file held when it was opened. */
export interface Restored {
  readonly count: number
  readonly last: number
  readonly migrations: number
  readonly integrity: string
}

/** What is known of the copy, as the writer says it. */
export type Copy = Required<Extract<ConnectionState, { status: 'connected' }>>['replica'] & {
  readonly readOnly: boolean
  readonly status: string
}

/** A line that the writer says. */
export type Said =
  | { readonly restored: Restored }
  | { readonly row: number; readonly at: number; readonly tookMs: number }
  | { readonly copy: Copy }
  | { readonly waits: ConnectionState }
  | { readonly refused: string }
  | { readonly closed: string }
  | { readonly log: string }
