import { problemCatalogue } from '../../problem/catalogue.ts'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { HostPort } from '../../url/target.ts'
import { describe } from '../errors/classify-error.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { isSaidByServer } from '../../problem/cause.ts'
import { withinAwake } from '../time.ts'
import type { Connections } from './connections.ts'
import { HostDialer, noSuitableHost, type Connect, type DialPlan } from './host-dialer.ts'
import { hostRequirements, type HostRequirement } from './host-requirements.ts'
import type { ServerStatus } from './server-dialect.ts'
import { SilentHosts } from './silent-hosts.ts'

/** How long a connection that has rested may take to answer, in milliseconds. */
const answerMs = 1500

interface Failure {
  readonly index: number
  readonly error: ProblemError
}

/** Makes connections: walks the hosts until one answers and fits. */
export class Dialer {
  readonly #connect: Connect
  readonly #plan: DialPlan
  readonly #connections: Connections
  readonly #hostDialer: HostDialer
  readonly #hosts: readonly DialHost[]
  readonly #requirements: readonly (HostRequirement | undefined)[]
  readonly #onMove: (why: ProblemError) => void
  #current = 0
  #hasSettled = false
  #budgetMs = Infinity
  #refusal: ProblemError | undefined
  /** When a connection was last made, on the monotonic clock. */
  #succeededAt = -Infinity
  readonly #silent = new SilentHosts()
  /** While it is set, no connections are made for a pool: what the program still waits for would fill it with such as lead nowhere. */
  isAway = false

  /** @param onMove - told when another host comes into use, and why the one before does not do any more. */
  constructor(
    connect: Connect,
    plan: DialPlan,
    connections: Connections,
    onMove: (why: ProblemError) => void,
  ) {
    this.#connect = connect
    this.#plan = plan
    this.#connections = connections
    this.#hostDialer = new HostDialer(plan, connections)
    this.#hosts = plan.said.hosts
    this.#requirements = hostRequirements[plan.said.role]
    this.#onMove = onMove
  }

  /** The host in use. */
  get host(): HostPort {
    const { host, port } = this.#hosts[this.#current] as DialHost
    return { host, port }
  }

  /** Which of the hosts that is, from 1; nothing where there is one only. */
  get hostNumber(): number | undefined {
    return this.#hosts.length > 1 ? this.#current + 1 : undefined
  }

  /** Why the last dialing failed; nothing where it succeeded. */
  get refusal(): ProblemError | undefined {
    return this.#refusal
  }

  /** Connects to the first host that answers and fits, beginning with the one in use. */
  async dial(budgetMs: number = this.#budgetMs, connect: Connect = this.#connect): Promise<RawConnection> {
    const startedAt = performance.now()
    const deadline = startedAt + budgetMs
    // What failed says nothing where another connection was made meanwhile.
    const isOutdated = (): boolean => this.#succeededAt > startedAt
    const order = this.#order()
    const tries = this.#requirements.flatMap((requirement) => order.map((index) => ({ requirement, index })))
    const failures: Failure[] = []
    for (const [tried, { requirement, index }] of tries.entries()) {
      const shareMs = (deadline - performance.now()) / (tries.length - tried)
      const boundMs = Math.min(shareMs, this.#silent.patienceMs(index, failures.some(isUnsuitable)))
      try {
        const connection = await this.#dialHost(this.#hosts[index] as DialHost, requirement, boundMs, connect)
        this.#settle(index, isOutdated() ? [] : failures)
        this.#refusal = undefined
        this.#succeededAt = performance.now()
        return connection
      } catch (error) {
        failures.push({ index, error: error as ProblemError })
        if (!isOutdated()) this.#silent.note(index, error as ProblemError)
      }
    }
    const failure = this.#summarize(failures.slice(-order.length))
    if (!isOutdated()) this.#refusal = failure
    throw failure
  }

  /** The same for a pool. */
  async dialForPool(connect?: Connect): Promise<RawConnection> {
    if (this.isAway) throw new ProblemError(describe('connection-lost', this.#plan.contextOf(this.host)))
    return await this.dial(undefined, connect)
  }

  /** While the work is done, a walk over the hosts may take no longer than this, in milliseconds. */
  async hurry<T>(budgetMs: number, work: () => Promise<T>): Promise<T> {
    this.#budgetMs = budgetMs
    try {
      return await work()
    } finally {
      this.#budgetMs = Infinity
    }
  }

  /** Whether there is no other host. */
  isOnly(host: DialHost): boolean {
    return this.#hosts.length === 1 && this.#hosts[0] === host
  }

  /** Connects to the host of another connection. */
  async dialBeside(other: RawConnection): Promise<RawConnection> {
    const host = this.#connections.hostOf(other)
    if (host === undefined)
      throw new ProblemError(describe('connection-lost', this.#plan.contextOf(this.host)))
    return await this.#dialHost(host, undefined, Infinity, this.#connect)
  }

  /** Whether a connection may go on, by its host and by what its server says of itself now. */
  isSuitable(connection: RawConnection, status: ServerStatus): boolean {
    return (
      this.#connections.conditionOf(connection) !== 'gone' &&
      this.#requirements.some((requirement) => !requirement || requirement(status))
    )
  }

  /** Asks a connection what its server is. */
  async readStatus(connection: RawConnection): Promise<ServerStatus> {
    return await this.#hostDialer.readStatus(connection)
  }

  /**
   * Whether a connection may be used again; one that answered just now is not asked. When one does not answer, the others are
   * not worth a wait either.
   */
  isAlive(connection: RawConnection): boolean | Promise<boolean> {
    const condition = this.#connections.conditionOf(connection)
    return condition === 'rested' ? this.#answers(connection) : condition === 'fresh'
  }

  async #answers(connection: RawConnection): Promise<boolean> {
    const requirement = this.#requirements.at(-1)
    try {
      if (
        !(await withinAwake(
          Math.min(answerMs, this.#plan.connectTimeoutMs),
          this.#fits(connection, requirement),
        ))
      )
        return false
    } catch {
      this.#connections.drop(connection)
      this.#connections.retireAll()
      return false
    }
    this.#connections.confirm(connection)
    return true
  }

  async #fits(connection: RawConnection, requirement: HostRequirement | undefined): Promise<boolean> {
    if (requirement) return requirement(await this.readStatus(connection))
    await this.#plan.dialect.query(connection, 'select 1')
    return true
  }

  /** Those that were silent come last. */
  #order(): number[] {
    const order = this.#hosts.map((_, index) => (this.#current + index) % this.#hosts.length)
    if (this.#plan.said.hostOrder === 'random') shuffle(order)
    return order.toSorted((a, b) => Number(this.#silent.has(a)) - Number(this.#silent.has(b)))
  }

  /** Keeps to a host that fits; those that were tried before it are left. Where load is balanced, no failure means no move. */
  #settle(index: number, failures: readonly Failure[]): void {
    this.#silent.forget(index)
    for (const failure of failures) if (failure.index !== index) this.#leave(failure)
    const before = failures.findLast((failure) => failure.index === this.#current)
    const isFirst = !this.#hasSettled
    this.#hasSettled = true
    if (index === this.#current || !(isFirst || before)) return
    this.#current = index
    if (before && !isFirst) this.#onMove(before.error)
  }

  #leave({ index, error }: Failure): void {
    const host = this.#hosts[index] as DialHost
    // What still runs on a host that works may end.
    if (problemCatalogue[error.code].proves === 'working') this.#connections.retireHost(host)
    else this.#connections.dropHost(host, error)
  }

  async #dialHost(
    host: DialHost,
    requirement: HostRequirement | undefined,
    shareMs: number,
    connect: Connect,
  ): Promise<RawConnection> {
    if (this.#connections.isClosed) throw new ProblemError(describe('closed', this.#plan.contextOf(host)))
    const timeoutMs = Math.min(this.#plan.connectTimeoutMs, shareMs)
    try {
      return await this.#hostDialer.dial(host, requirement, timeoutMs, connect)
    } catch (error) {
      if (error instanceof ProblemError && problemCatalogue[error.code].proves === 'working')
        this.#connections.hear(host)
      throw error
    }
  }

  /** Where all hosts fail in the same way, that is what is wrong. */
  #summarize(failures: readonly Failure[]): ProblemError {
    const [{ error: first }] = failures as [Failure]
    if (failures.every(({ error: { code } }) => code === first.code && code !== 'no-suitable-host'))
      return first
    if (failures.length === 1) return first
    const reports = failures.map(({ index, error: { code } }) => {
      const { host } = this.#hosts[index] as DialHost
      return `${host} (${code === 'no-suitable-host' ? 'another role' : code})`
    })
    // What a server said tells more than that another one was silent.
    const said = failures
      .map(({ error }) => error.cause)
      .find((cause) => cause !== undefined && isSaidByServer(cause))
    return noSuitableHost(this.#plan, reports.join(', '), said)
  }
}

function isUnsuitable({ error }: Failure): boolean {
  return error.code === 'no-suitable-host'
}

function shuffle(order: number[]): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
}
