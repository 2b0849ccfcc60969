import type { Problem } from '../problem/problem.ts'

/** One thing that differs between the stand-in and the primary, or that keeps a row from being copied. */
export interface Difference {
  /** The table, as the primary names it. */
  readonly table: string
  /** The values of the row's key, separated by commas; empty where it concerns the whole table. */
  readonly key: string
  /** The column that it concerns; absent if it concerns the whole row or table. */
  readonly column?: string
  /** What differs, or what does not fit. */
  readonly why: string
}

/** What came of a promotion. */
export interface PromoteReport {
  /** Whether the primary now holds all that was written to the stand-in, except `differences`. `false` after a dry run. */
  readonly done: boolean
  /** How many rows were inserted, changed or deleted in the primary; in a dry run, how many would be inserted. */
  readonly rows: number
  /** What differs, or does not fit, row by row. */
  readonly differences: readonly Difference[]
  /** Why it was not done or, after a dry run, why it would not be; absent if nothing is in the way. */
  readonly problem?: Problem
}

/** How far a promotion is. */
export interface Progress {
  /** What is being done: rows are checked, tried, copied, or compared. */
  readonly step: 'check' | 'try' | 'copy' | 'compare'
  /** The table. */
  readonly table: string
  /** How many rows of all tables this step has done. */
  readonly rows: number
}

/** What can be done with a key that the primary holds with other values. */
export const conflictPolicies = ['fail', 'skip', 'overwrite'] as const

/** How a promotion is done. */
export interface PromoteOptions {
  /** Look at everything, and copy nothing. Default: `false`. */
  readonly dryRun?: boolean
  /** What to do with a key that the primary holds with other values. `fail`: copy nothing; `skip`: keep the primary's row; `overwrite`: take the stand-in's. Default: `fail`. */
  readonly onConflict?: (typeof conflictPolicies)[number]
}

/** Collects differences, each once. */
export class Differences {
  readonly #found = new Map<string, Difference>()

  add(difference: Difference): void {
    this.#found.set(JSON.stringify(difference), difference)
  }

  /** Forgets all but these. */
  reset(kept: readonly Difference[]): void {
    this.#found.clear()
    for (const difference of kept) this.add(difference)
  }

  get all(): readonly Difference[] {
    return [...this.#found.values()]
  }

  get size(): number {
    return this.#found.size
  }
}
