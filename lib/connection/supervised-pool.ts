import { serverOptions } from '../engine/create-engine.ts'
import { loadDriver } from '../engine/load-driver.ts'
import { printsAs } from '../engine/prints-as.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { planServer } from '../engine/server/plan-server.ts'
import { PoolEngine } from '../engine/server/pool-engine.ts'
import { PoolGate } from '../engine/server/pool-gate.ts'
import type { OpenedPool, PoolKind } from '../engine/server/pool-kind.ts'
import { poolSettings } from '../engine/server/pool-settings.ts'
import { type Deadline, within } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { withExplanation } from '../resolve/explain.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import { withRepairs } from '../resolve/repairs.ts'
import { dialects as systems } from '../url/kinds.ts'
import type { ServerTarget } from '../url/target.ts'
import { askUntilDeadline } from './attempt.ts'
import type { AttemptBounds } from './boot.ts'
import { checkPoolOptions } from './check-pool-options.ts'
import type { OpenOptions, SettledOptions } from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { renewLogin, watchLogin } from './login.ts'
import { Monitor } from './monitor.ts'
import { noFindings, type Findings, type Unavailable } from './outcome.ts'
import type { PoolOptions, SupervisedPoolDatabase } from './pool-database.ts'
import { Supervised } from './supervised.ts'
import { Supervision } from './supervision.ts'

interface PoolArrival {
  readonly status: 'connected'
  readonly engine: PoolEngine
  readonly readOnly: boolean
  readonly findings: Findings
}

interface Opened<Pool> {
  readonly gate: PoolGate
  readonly pool: OpenedPool<Pool>
}

/** The one implementation of {@link SupervisedPoolDatabase}. */
export class SupervisedPool<Pool> extends Supervised<PoolArrival> implements SupervisedPoolDatabase<Pool> {
  readonly #kind: PoolKind<Pool>
  readonly #life: Supervision<PoolArrival>
  #opened: Opened<Pool> | undefined
  #monitor: Monitor | undefined

  static {
    printsAs(SupervisedPool.prototype, 'PoolDatabase', ({ state }) => state)
  }

  constructor(kind: PoolKind<Pool>, options: PoolOptions) {
    checkPoolOptions(options)
    const settings: OpenOptions = { ...options, strategy: 'never' }
    const life: Supervision<PoolArrival> = new Supervision(settings, {
      decide: () => onlyOf(kind, decideConfig(life.options)),
      attempt: (config, bounds) => this.#attempt(config, bounds),
      arrive: (arrival) => this.#arrive(arrival),
      watch: () => this.#monitor,
      stop: () => this.#stop(),
      drain: (deadline) => this.#drain(deadline),
    })
    super(life)
    this.#kind = kind
    this.#life = life
  }

  get pool(): Pool {
    this.#opened ??= this.#open()
    return this.#opened.pool.face
  }

  get #options(): SettledOptions {
    return this.#life.options
  }

  async ready(): Promise<Pool> {
    await this.#expectConnected()
    return this.pool
  }

  async #expectConnected(): Promise<void> {
    await this.#life.begin()
    if (!this.#life.machine.isIn('connected')) throw new DatabaseUnavailableError(this.state)
  }

  #open(): Opened<Pool> {
    const { config } = this
    const driver = loadDriver(this.#kind.driver, `The ${this.#kind.name} database`, this.#options.drivers)
    if (!driver.ok) throw new ProblemError(driver.problem)
    const plan = config.kind === 'primary' ? this.#plan(config) : undefined
    const { pool: sizes, driverSettings } =
      plan && !('problem' in plan) ? plan : { pool: poolSettings({}, this.#options.pool), driverSettings: {} }
    const gate = new PoolGate(sizes.acquireTimeoutMillis, {
      wait: () => this.#expectConnected(),
      refusal: () => new DatabaseUnavailableError(this.state),
    })
    const end = (): Promise<void> => this.close()
    const pool = this.#kind.open({ driver: driver.module, gate, sizes, driverSettings, end })
    gate.guard(pool)
    return { gate, pool }
  }

  #plan({ target, warnings }: Extract<DatabaseConfig, { kind: 'primary' }>): ReturnType<typeof planServer> {
    const { env } = this.#options
    return planServer(target as ServerTarget, serverOptions(this.#options, { env, warnings }))
  }

  async #attempt(config: DatabaseConfig, bounds: AttemptBounds): Promise<PoolArrival | Unavailable> {
    if (config.kind !== 'primary') return unavailable(config.problem, true)
    const driver = loadDriver(this.#kind.driver, `The ${this.#kind.name} database`, this.#options.drivers)
    if (!driver.ok) return unavailable(driver.problem, true)
    const plan = this.#plan(config)
    if ('problem' in plan) return unavailable(plan.problem, true)
    this.#opened ??= this.#open()
    const engine = new PoolEngine(plan, this.#opened.gate)
    this.#life.engines.add(engine)
    const answer = await askUntilDeadline(bounds, engine)
    if (answer.ok) return { status: 'connected', engine, readOnly: answer.readOnly, findings: noFindings }
    await this.#life.engines.close(engine)
    return unavailable(withRepairs(answer.problem, config.warnings), false)
  }

  /** Watched before the change is told: a listener may close the pool, and so end the watch. */
  #arrive({ engine, readOnly }: PoolArrival): void {
    const describe = (isReadOnly: boolean, found?: Problem) =>
      ({
        status: 'connected',
        engine: engine.info,
        readOnly: isReadOnly,
        ...(found && { problem: found }),
      }) as const
    this.#monitor = new Monitor(this.#life.machine, engine, {
      onAnswer: describe,
      beforeRetry: (found) => renewLogin(engine, found, this.#options),
      watchLogin: () => watchLogin(this.#options),
    })
    this.#opened?.gate.lift()
    this.#life.machine.arrive(describe(readOnly))
  }

  #stop(): void {
    this.#monitor?.stop()
    this.#opened?.gate.refuse(() => new DatabaseUnavailableError(this.state))
  }

  async #drain(deadline: Deadline): Promise<void> {
    if (this.#opened) await within(deadline.leftMs, this.#opened.pool.end()).catch(() => undefined)
  }
}

/** What is decided for another database cannot be used. */
function onlyOf({ dialects, name, scheme }: PoolKind<unknown>, config: DatabaseConfig): DatabaseConfig {
  if (config.kind !== 'primary' || dialects.some((dialect) => dialect === config.target.dialect))
    return config
  const { source, target, ...rest } = config
  const system = systems[target.dialect].name
  const found: Problem = {
    code: 'unsupported-scheme',
    message: `${source.name} names a database of ${system}, and this pool is for ${name} alone.`,
    hint: `Use a URL that begins with ${scheme}://, or openDatabase() of failsoft/knex, which takes them all.`,
  }
  return withExplanation({ ...rest, kind: 'unresolved', reason: 'unsupported', problem: found })
}

function unavailable(found: Problem, isFinal: boolean): Unavailable {
  return { status: 'unavailable', problem: found, isFinal, findings: noFindings }
}
