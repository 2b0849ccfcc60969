import { classify } from '../errors/classify-error.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { WaitTimeout } from '../time.ts'
import type { Connect } from './host-dialer.ts'
import type { ServerPlan } from './plan-server.ts'
import type { PoolGate, PoolSource } from './pool-gate.ts'
import { WatchedEngine } from './watched-engine.ts'

/** A driver's own pool on a server. The pool outlives it: where an attempt to connect fails, the next one has an engine of its own. */
export class PoolEngine extends WatchedEngine implements PoolSource {
  readonly #gate: PoolGate

  constructor(plan: ServerPlan, gate: PoolGate) {
    super(plan)
    this.#gate = gate
    gate.source = this
  }

  async dial(connect: Connect): Promise<RawConnection> {
    return await this.dialer.dialForPool(connect)
  }

  isAlive(connection: RawConnection): boolean | Promise<boolean> {
    return this.dialer.isAlive(connection)
  }

  nameFailure(error: unknown): Error {
    const named = error instanceof WaitTimeout ? this.explainTimeout(error) : this.#name(error)
    this.report(classify(named, this.context))
    return named
  }

  noteTrouble(error: unknown): void {
    this.reportStatement(error)
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (!this.isClosed) this.#gate.refuse(refuse)
  }

  protected async connect(settings: Readonly<Record<string, unknown>>): Promise<RawConnection> {
    return await this.#gate.pool.connect(settings)
  }

  protected get used(): number {
    return this.#gate.pool.used - this.#gate.validating
  }

  protected hasRoom(): boolean {
    return this.#gate.pool.hasRoom()
  }

  protected async acquire(): Promise<RawConnection> {
    return await this.#gate.takeBeside()
  }

  protected release(connection: RawConnection): void {
    this.#gate.pool.giveBack(connection)
  }

  /** What is in flight ends with the pool. */
  protected async end(): Promise<void> {}

  #name(error: unknown): ProblemError {
    return error instanceof ProblemError ? error : new ProblemError(classify(error, this.context))
  }
}
