import type { RawConnection } from '../knex-client.ts'
import { Deadline, settleBy } from '../time.ts'

/** The connections of a SQLite engine: who uses them, and which were ended under their users. */
export class Connections {
  readonly #used = new Set<RawConnection>()
  readonly #ended = new WeakSet<RawConnection>()
  readonly #waiting = new Set<() => void>()

  /** Those that somebody uses now. */
  get used(): readonly RawConnection[] {
    return [...this.#used]
  }

  /** Notes that somebody uses a connection. */
  take(connection: RawConnection): void {
    this.#used.add(connection)
  }

  /** Notes that nobody uses it any more. */
  giveBack(connection: RawConnection): void {
    this.#used.delete(connection)
    // A set that is emptied makes its table anew, which each query would pay for.
    if (this.#waiting.size === 0) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /** Takes a connection from its user: what comes on it from now on is refused. */
  end(connection: RawConnection): void {
    this.#ended.add(connection)
    this.#used.delete(connection)
  }

  /** Whether a connection was ended under its user. */
  isEnded(connection: RawConnection): boolean {
    return this.#ended.has(connection)
  }

  /** Waits, bounded, while the pools are busy. Returns whether they came free. */
  async whenFree(timeoutMs: number, isBusy: () => boolean): Promise<boolean> {
    const deadline = new Deadline(timeoutMs)
    while (isBusy() && deadline.leftMs > 0) {
      await settleBy(new Promise<void>((resolve) => this.#waiting.add(resolve)), deadline.leftMs)
    }
    return !isBusy()
  }
}
