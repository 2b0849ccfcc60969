import type { HostPort } from '../../url/target.ts'
import { describe } from '../errors/classify-error.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { within } from '../within.ts'
import type { Connections } from './connections.ts'
import { HostDialer, noSuitableHost, type DialPlan } from './host-dialer.ts'
import { hostsOf, orderOf } from './hosts.ts'
import type { ServerClient } from './server-client.ts'
import type { DialHost, ServerStatus } from './server-dialect.ts'
import { demandsOf, type Demand } from './session-attributes.ts'

/** How long a connection that has rested may take to answer, in milliseconds. */
const answerMs = 1500

/** Makes connections: walks the hosts until one answers and fits. */
export class Dialer {
  readonly #client: ServerClient
  readonly #plan: DialPlan
  readonly #connections: Connections
  readonly #hostDialer: HostDialer
  readonly #hosts: readonly DialHost[]
  readonly #demands: readonly (Demand | undefined)[]
  #current = 0

  constructor(client: ServerClient, plan: DialPlan, connections: Connections) {
    this.#client = client
    this.#plan = plan
    this.#connections = connections
    this.#hostDialer = new HostDialer(client, plan, connections)
    this.#hosts = hostsOf(plan.target, plan.dialect)
    this.#demands = demandsOf(plan.target.params)
  }

  /** The host that was last connected to. */
  get host(): HostPort {
    const { host, port } = this.#hosts[this.#current] as DialHost
    return { host, port }
  }

  /** Connects to the first host that answers and fits, beginning with the one in use. */
  async dial(budgetMs: number = Infinity): Promise<RawConnection> {
    const deadline = performance.now() + budgetMs
    const order = orderOf(this.#hosts.length, this.#current, this.#plan.target)
    const tries = this.#demands.flatMap((demand) => order.map((index) => ({ demand, index })))
    const failures: ProblemError[] = []
    for (const [tried, { demand, index }] of tries.entries()) {
      const shareMs = (deadline - performance.now()) / (tries.length - tried)
      try {
        const connection = await this.#dialHost(this.#hosts[index] as DialHost, demand, shareMs)
        this.#current = index
        return connection
      } catch (error) {
        failures.push(error as ProblemError)
      }
    }
    throw this.#summarize(order, failures.slice(-order.length))
  }

  /** Connects to the host of another connection. */
  async dialBeside(other: RawConnection): Promise<RawConnection> {
    const host = this.#connections.hostOf(other)
    if (host === undefined)
      throw new ProblemError(describe('connection-lost', this.#plan.contextOf(this.host)))
    return await this.#dialHost(host, undefined, Infinity)
  }

  /** Asks a connection what its server is. */
  async readStatus(connection: RawConnection): Promise<ServerStatus> {
    return await this.#hostDialer.readStatus(connection)
  }

  /**
   * Whether a connection may be used again; one that answered just now is not asked. When one does not answer, the others are
   * not worth a wait either.
   */
  async isAlive(connection: RawConnection): Promise<boolean> {
    const condition = this.#connections.conditionOf(connection)
    if (condition !== 'rested') return condition === 'fresh'
    const demand = this.#demands.at(-1)
    try {
      if (!(await within(Math.min(answerMs, this.#plan.connectTimeoutMs), this.#fits(connection, demand))))
        return false
    } catch {
      this.#connections.drop(connection)
      this.#connections.retireAll()
      return false
    }
    this.#connections.confirm(connection)
    return true
  }

  async #fits(connection: RawConnection, demand: Demand | undefined): Promise<boolean> {
    if (demand) return demand(await this.readStatus(connection))
    await this.#client._query(connection, { sql: 'select 1' })
    return true
  }

  async #dialHost(host: DialHost, demand: Demand | undefined, shareMs: number): Promise<RawConnection> {
    if (this.#connections.isClosed) throw new ProblemError(describe('closed', this.#plan.contextOf(host)))
    return await this.#hostDialer.dial(host, demand, Math.min(this.#plan.connectTimeoutMs, shareMs))
  }

  /** Where all hosts fail in the same way, that is what is wrong. */
  #summarize(order: readonly number[], failures: readonly ProblemError[]): ProblemError {
    const [first] = failures as [ProblemError]
    if (failures.every(({ code }) => code === first.code && code !== 'no-suitable-host')) return first
    if (failures.length === 1) return first
    const reports = failures.map(({ code }, at) => {
      const { host } = this.#hosts[order[at] as number] as DialHost
      return `${host} (${code === 'no-suitable-host' ? 'another role' : code})`
    })
    return noSuitableHost(this.#plan, reports.join(', '))
  }
}
