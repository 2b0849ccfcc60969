import type { SupervisedEngine } from '../engine/managed-engine.ts'

/** Every engine of a database that is open, so that none is left behind when the database is closed. */
export class Engines {
  readonly #open = new Set<SupervisedEngine>()
  #isOver = false

  /** Notes an engine that was made; once all were closed, it is closed too. */
  add(engine: SupervisedEngine): void {
    this.#open.add(engine)
    if (this.#isOver) void this.close(engine, 0)
  }

  /** Closes one. */
  async close(engine: SupervisedEngine | undefined, timeoutMs?: number): Promise<void> {
    if (!engine) return
    this.#open.delete(engine)
    await engine.close(timeoutMs === undefined ? {} : { timeoutMs })
  }

  /** Closes all, within the bound in milliseconds. */
  async closeAll(timeoutMs: number): Promise<void> {
    this.#isOver = true
    await Promise.all([...this.#open].map((engine) => this.close(engine, timeoutMs)))
  }
}
