import type { Socket } from 'node:net'
import { problem } from '../../problem/problem.ts'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import { classify, describe, type ErrorContext } from '../errors/classify-error.ts'
import type { KnexClient } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { within } from '../within.ts'
import type { ServerDialect, ServerStatus, TlsAttempt } from './server-dialect.ts'
import { requiredOf } from './session-attributes.ts'
import type { TlsPlan } from './tls.ts'

interface Dialed {
  readonly socket: Socket
  readonly generation: number
  /** When it was last known to answer, on the monotonic clock. */
  answeredAt: number
}

/** How long a connection may rest before it is asked again whether it is alive. */
const restMs = 2000

/** What to connect to, and how. */
export interface DialPlan {
  readonly dialect: ServerDialect
  readonly target: ServerTarget
  readonly tls: TlsPlan
  readonly connectTimeoutMs: number
  /** The words for a failure of this host. */
  readonly contextOf: (host: HostPort) => ErrorContext
}

/** What the driver may take beyond its own bound before its socket is destroyed. */
const graceMs = 250

/** Makes connections: walks the hosts, and for each the ways to encrypt, within a bound. */
export class Dialer {
  readonly #client: KnexClient
  readonly #rawAcquire: () => Promise<object>
  readonly #plan: DialPlan
  readonly #hosts: readonly HostPort[]
  readonly #worked = new Map<HostPort, TlsAttempt>()
  readonly #open = new Map<object, Dialed>()
  #current = 0
  #generation = 0

  constructor(client: KnexClient, plan: DialPlan) {
    const { defaultHost } = plan.dialect
    this.#client = client
    // oxlint-disable-next-line typescript/unbound-method -- it is called on a client of each connection's own
    this.#rawAcquire = client.acquireRawConnection
    this.#plan = plan
    this.#hosts = plan.target.hosts.map(({ host, port }) => ({
      host: host === '' ? defaultHost.host : host,
      port,
    }))
    if (this.#hosts.length === 0) this.#hosts = [defaultHost]
  }

  /** The host that was last connected to. */
  get host(): HostPort {
    return this.#hosts[this.#current] as HostPort
  }

  /** Connects to the first host that answers and fits, beginning with the one in use. */
  async dial(budgetMs: number = Infinity): Promise<object> {
    const deadline = performance.now() + budgetMs
    const failures: ProblemError[] = []
    const reports: string[] = []
    for (let tried = 0; tried < this.#hosts.length; tried++) {
      const index = (this.#current + tried) % this.#hosts.length
      const shareMs = (deadline - performance.now()) / (this.#hosts.length - tried)
      try {
        const connection = await this.#dialHost(
          this.#hosts[index] as HostPort,
          Math.min(this.#plan.connectTimeoutMs, shareMs),
        )
        this.#current = index
        return connection
      } catch (error) {
        failures.push(error as ProblemError)
        reports.push(`${(this.#hosts[index] as HostPort).host} (${(error as ProblemError).code})`)
      }
    }
    throw this.#hosts.length === 1 ? failures[0] : this.#noSuitableHost(reports.join(', '))
  }

  /** Asks a connection what its server is. */
  async readStatus(connection: object): Promise<ServerStatus> {
    const { response } = await this.#client._query(connection, { sql: this.#plan.dialect.statusSql })
    return this.#plan.dialect.readStatus(response)
  }

  /** Whether a connection was made since the last {@link dropAll}. */
  isCurrent(connection: object): boolean {
    return this.#open.get(connection)?.generation === this.#generation
  }

  /** Whether a connection is alive; one that answered just now is not asked. */
  async answers(connection: object): Promise<boolean> {
    const dialed = this.#open.get(connection)
    if (dialed === undefined) return false
    if (performance.now() - dialed.answeredAt < restMs) return true
    try {
      await within(this.#plan.connectTimeoutMs, this.#client._query(connection, { sql: 'select 1' }))
    } catch {
      this.drop(connection)
      return false
    }
    dialed.answeredAt = performance.now()
    return true
  }

  /** Has every connection asked before its next use, even one that answered just now. */
  suspectAll(): void {
    for (const dialed of this.#open.values()) dialed.answeredAt = -Infinity
  }

  /** Ends one connection without a word to the server. */
  drop(connection: object): void {
    this.#open.get(connection)?.socket.destroy()
  }

  /** Ends all connections at once, also those in use: what runs on them fails. */
  dropAll(): void {
    this.#generation++
    for (const { socket } of this.#open.values()) socket.destroy()
  }

  async #dialHost(host: HostPort, timeoutMs: number): Promise<object> {
    const deadline = performance.now() + timeoutMs
    const { attempts } = this.#plan.tls
    const known = this.#worked.get(host)
    let failure: ProblemError | undefined
    for (const attempt of known === undefined
      ? attempts
      : [known, ...attempts.filter((each) => each !== known)]) {
      if (failure !== undefined && !this.#mayTry(attempt, failure)) break
      try {
        const connection = await this.#connect(host, attempt, Math.max(1, deadline - performance.now()))
        this.#worked.set(host, attempt)
        return connection
      } catch (error) {
        failure = nameFailure(error, this.#plan.contextOf(host))
      }
    }
    throw failure
  }

  #mayTry(next: TlsAttempt, { code, cause }: ProblemError): boolean {
    const message = cause?.message ?? ''
    return next === 'none'
      ? this.#plan.dialect.retriesPlain(code, message)
      : code === 'tls-required' || /pg_hba/.test(message)
  }

  async #connect(host: HostPort, attempt: TlsAttempt, timeoutMs: number): Promise<object> {
    const { dialect, tls } = this.#plan
    let socket: Socket | undefined
    const settings = {
      ...this.#client.connectionSettings,
      // knex hides it from copies.
      password: this.#client.connectionSettings['password'],
      ...dialect.address(host),
      ...dialect.tls(attempt, tls.files, host.host),
      ...dialect.timeout(Math.ceil(timeoutMs)),
      stream: () => (socket = dialect.socket(host)),
    }
    try {
      const connection = await within(timeoutMs + graceMs, this.#greet(settings))
      this.#register(connection, socket as unknown as Socket)
      await within(timeoutMs + graceMs, this.#demand(connection, host))
      return connection
    } catch (error) {
      socket?.destroy()
      throw error
    }
  }

  /** Lets knex's dialect connect, but with the settings of this one attempt. */
  async #greet(settings: object): Promise<object> {
    const client = this.#client
    const scoped = Object.create(client, {
      connectionSettings: { value: settings },
      version: { value: client.version, writable: true },
    }) as KnexClient
    const connection = await this.#rawAcquire.call(scoped)
    if (scoped.version !== undefined) client.version ??= scoped.version
    return connection
  }

  #register(connection: object, socket: Socket): void {
    this.#open.set(connection, { socket, generation: this.#generation, answeredAt: performance.now() })
    socket.once('close', () => this.#open.delete(connection))
  }

  async #demand(connection: object, { host }: HostPort): Promise<void> {
    const required = requiredOf(this.#plan.target.params)
    if (required === undefined || required(await this.readStatus(connection))) return
    throw this.#noSuitableHost(`${host} (another role)`)
  }

  #noSuitableHost(hosts: string): ProblemError {
    const { target = 'The database' } = this.#plan.contextOf(this.#hosts[0] as HostPort)
    return new ProblemError(problem('no-suitable-host', { target, hosts }))
  }
}

/** A server that hangs up during the greeting is none of this kind. */
function nameFailure(error: unknown, context: ErrorContext): ProblemError {
  if (error instanceof ProblemError) return error
  const found = classify(error, context)
  const named = found.code === 'connection-lost' ? describe('not-a-database-server', context) : found
  return new ProblemError(named, { cause: error })
}
