import type { Knex } from 'knex'
import { classify } from '../errors/classify-error.ts'
import { Breaker } from '../breaker.ts'
import { clientOf, type KnexModule, type RawConnection } from '../knex-client.ts'
import { logToKnex } from '../log.ts'
import type { ManagedEngine } from '../managed-engine.ts'
import { ProblemError } from '../problem-error.ts'
import { guardTransactions } from '../guard-transactions.ts'
import { within } from '../time.ts'
import type { ServerPlan } from './plan-server.ts'
import { serverClient, type ServerClient } from './server-client.ts'
import { WatchedEngine } from './watched-engine.ts'

/** A wait that is over so much too late, in milliseconds, was one of a process that stood still. */
const stillMs = 500

/** knex on a server. */
export class ServerEngine extends WatchedEngine implements ManagedEngine {
  readonly knex: Knex
  readonly #makeKnex: KnexModule
  readonly #client: ServerClient
  readonly #breaker: Breaker

  constructor(makeKnex: KnexModule, plan: ServerPlan) {
    super(plan)
    this.#makeKnex = makeKnex
    this.knex = this.#makeClient()
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
    return pool.numFree() > 0 || pool.numUsed() + pool.numPendingCreates() < this.plan.pool.max
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

  #makeClient(): Knex {
    const { dialect, driverSettings, pool, log } = this.plan
    const client = serverClient(this.#makeKnex, dialect.knexClient, {
      dial: (beside) => (beside ? this.dialer.dialBeside(beside) : this.dialer.dial()),
      isAlive: (connection) => this.dialer.isAlive(connection),
      drop: (connection) => this.connections.drop(connection),
      guardDriver: dialect.guardDriver,
    })
    return this.#makeKnex({
      client: client as unknown as typeof Knex.Client,
      connection: driverSettings,
      pool,
      log: logToKnex(log, this.plan.redact),
      asyncStackTraces: false,
      // A statement that failed is named without its values.
      compileSqlOnError: false,
    })
  }

  /** "The pool is probably full", says knex whenever the wait is over; often the server is away. */
  #explain(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error
    if (error instanceof this.#makeKnex.KnexTimeoutError) return this.explainTimeout(error)
    return new ProblemError(classify(error, this.context))
  }
}
