import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import type { LoginWatch } from './login.ts'

/** The longest waits after a server that refuses, one after the other, in milliseconds. The last one stays. */
const rejectedMs = [15_000, 30_000, 60_000, 120_000, 300_000]
/** The shortest of them, in milliseconds. */
const leastMs = 1000

/** Whether a server refuses: then it is asked at a distance, so that no account is locked and no provider bans. */
export function isRejected({ code }: Problem): boolean {
  return problemCatalogue[code].pace === 'rejected'
}

/** The wait before the next try. */
export interface NextTry {
  readonly waitMs: number
  /** Tells, each time it is asked, whether to try at once. */
  readonly isOver?: () => boolean
}

/** When to try again: by what was wrong, and how often that was so in a row. */
export class Pace {
  readonly #awayMs: (failures: number) => number
  #failures = 0
  #rejections = 0

  /** @param awayMs - the wait after so many failures of a server that is away, from 1. */
  constructor(awayMs: (failures: number) => number) {
    this.#awayMs = awayMs
  }

  /**
   * The wait after this failure. If the server refuses, its length is left to chance, and it ends when the login has changed.
   *
   * @param watchLogin - begins to watch what a login is made of.
   */
  after(found: Problem, watchLogin: () => LoginWatch): NextTry {
    if (!isRejected(found)) {
      this.#rejections = 0
      return { waitMs: this.#awayMs(++this.#failures) }
    }
    this.#failures = 0
    const most = rejectedMs[Math.min(this.#rejections++, rejectedMs.length - 1)] as number
    const { pauseMs, hasChanged } = watchLogin()
    return { waitMs: Math.max(pauseMs, leastMs + Math.random() * (most - leastMs)), isOver: hasChanged }
  }
}
