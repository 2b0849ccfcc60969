import type { Knex } from 'knex'
import { classify } from '../errors/classify-error.ts'
import { Breaker } from '../breaker.ts'
import { clientOf, type KnexModule, type RawConnection } from '../knex-client.ts'
import type { ManagedEngine } from '../managed-engine.ts'
import { ProblemError } from '../problem-error.ts'
import { guardTransactions } from '../guard-transactions.ts'
import { asKnexTimeout } from '../knex-timeout.ts'
import { within } from '../time.ts'
import type { ServerPlan } from './plan-server.ts'
import { serverClient, type ServerClient } from './server-client.ts'
import { plainConfig } from './server-knex-config.ts'
import { WatchedEngine } from './watched-engine.ts'

/** A wait that is over so much too late, in milliseconds, was one of a process that stood still. */
const stillMs = 500

/** What a knex is made with. */
export interface Packages {
  readonly makeKnex: KnexModule
  readonly driver: unknown
}

/** knex on a server. */
export class ServerEngine extends WatchedEngine implements ManagedEngine {
  readonly knex: Knex
  readonly #makeKnex: KnexModule
  readonly #client: ServerClient
  readonly #breaker: Breaker

  /** @param config - what the program says to knex beside the plan. */
  constructor({ makeKnex, driver }: Packages, plan: ServerPlan, config: Knex.Config = plainConfig(plan)) {
    super(plan)
    this.#makeKnex = makeKnex
    this.knex = makeKnex({ ...config, client: this.#clientClass(driver) })
    this.#client = clientOf(this.knex) as ServerClient
    const isLate = (error: unknown, waitedMs: number): boolean =>
      error instanceof makeKnex.KnexTimeoutError && waitedMs > plan.pool.acquireTimeoutMillis + stillMs
    this.#breaker = new Breaker(this.#client, (error) => this.#explain(error), isLate)
    this.knex.on('query-error', (error: unknown) => this.reportStatement(error))
    this.#breaker.onFailure((error) => this.report(classify(error, this.context)))
    guardTransactions(this.#client, plan.dialect.transactions)
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (this.isClosed) return
    if (!refuse) return this.#breaker.close()
    this.#breaker.open(refuse)
    this.#breaker.refuseWaiting(refuse)
  }

  protected async connect(settings: Readonly<Record<string, unknown>>): Promise<RawConnection> {
    return await this.#client.connectWith(settings)
  }

  protected get used(): number {
    const { pool } = this.#client
    // One that is asked whether it is alive is with nobody yet.
    return pool ? pool.numUsed() - pool.numPendingValidations() : 0
  }

  protected hasRoom(): boolean {
    const { pool } = this.#client
    if (!pool || pool.numPendingAcquires() > 0) return false
    return pool.numFree() > 0 || pool.numUsed() + pool.numPendingCreates() < pool.max
  }

  /** The bound of the question is its own: a new connection may take longer than a place in the queue. */
  protected async acquire(): Promise<RawConnection> {
    for (;;) {
      try {
        return await this.#breaker.passage.acquireConnection()
      } catch (error) {
        if (!(error instanceof this.#makeKnex.KnexTimeoutError) || this.isClosed) throw error
      }
    }
  }

  protected release(connection: RawConnection): void {
    void this.#breaker.passage.releaseConnection(connection)
  }

  protected async end(timeoutMs: number): Promise<void> {
    this.#breaker.open(() => this.problem('closed'))
    await within(timeoutMs, this.knex.destroy()).catch(() => undefined)
  }

  #clientClass(driver: unknown): typeof Knex.Client {
    const { dialect } = this.plan
    return serverClient(this.#makeKnex, dialect.knexClient, {
      dial: (beside) => (beside ? this.dialer.dialBeside(beside) : this.dialer.dialForPool()),
      isFresh: (connection) => this.connections.conditionOf(connection) === 'fresh',
      isAlive: (connection) => this.dialer.isAlive(connection),
      drop: (connection) => this.connections.drop(connection),
      driver: dialect.guardDriver(driver),
      watch: (isOn) => this.watchSilence(isOn),
    }) as unknown as typeof Knex.Client
  }

  /** "The pool is probably full", says knex whenever the wait is over; often the server is away. */
  #explain(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error
    const { KnexTimeoutError } = this.#makeKnex
    if (error instanceof KnexTimeoutError) return asKnexTimeout(this.explainTimeout(error), KnexTimeoutError)
    return new ProblemError(classify(error, this.context))
  }
}
