import type { Socket } from 'node:net'
import { problem } from '../../problem/problem.ts'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import { classify } from '../errors/classify-error.ts'
import { readError } from '../errors/describe-cause.ts'
import type { KnexClient } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { within } from '../within.ts'
import type { ServerDialect, ServerStatus, TlsAttempt } from './server-dialect.ts'
import { requiredOf } from './session-attributes.ts'
import type { TlsPlan } from './tls.ts'

interface Dialed {
  readonly socket: Socket
  readonly host: HostPort
  readonly generation: number
}

/** What the driver may take beyond its own bound before its socket is destroyed. */
const graceMs = 250

/** Makes connections: walks the hosts, and for each the ways to encrypt, within a bound. */
export class Dialer {
  readonly #client: KnexClient
  readonly #rawAcquire: () => Promise<object>
  readonly #dialect: ServerDialect
  readonly #target: ServerTarget
  readonly #hosts: readonly HostPort[]
  readonly #tls: TlsPlan
  readonly #connectTimeoutMs: number
  readonly #worked = new Map<HostPort, TlsAttempt>()
  readonly #open = new Map<object, Dialed>()
  #current = 0
  #generation = 0

  constructor(
    client: KnexClient,
    dialect: ServerDialect,
    target: ServerTarget,
    tls: TlsPlan,
    connectTimeoutMs: number,
  ) {
    this.#client = client
    this.#rawAcquire = client.acquireRawConnection.bind(client)
    this.#dialect = dialect
    this.#target = target
    this.#hosts =
      target.hosts.length === 0
        ? [dialect.defaultHost]
        : target.hosts.map((host) => withDefault(host, dialect))
    this.#tls = tls
    this.#connectTimeoutMs = connectTimeoutMs
  }

  /** The host that was last connected to. */
  get host(): HostPort {
    return this.#hosts[this.#current] as HostPort
  }

  /** Connects to the first host that answers and fits, beginning with the one in use. */
  async dial(budgetMs = Infinity): Promise<object> {
    const deadline = performance.now() + budgetMs
    const failures: string[] = []
    let firstError: unknown
    for (let tried = 0; tried < this.#hosts.length; tried++) {
      const index = (this.#current + tried) % this.#hosts.length
      const left = (deadline - performance.now()) / (this.#hosts.length - tried)
      try {
        const connection = await this.#dialHost(
          this.#hosts[index] as HostPort,
          Math.min(this.#connectTimeoutMs, left),
        )
        this.#current = index
        return connection
      } catch (error) {
        firstError ??= error
        failures.push(`${(this.#hosts[index] as HostPort).host} (${classify(error).code})`)
      }
    }
    throw this.#hosts.length === 1 ? firstError : this.#noSuitableHost(failures)
  }

  /** Asks a connection what its server is. */
  async readStatus(connection: object): Promise<ServerStatus> {
    const { response } = await this.#client._query(connection, { sql: this.#dialect.statusSql })
    return this.#dialect.readStatus(response)
  }

  /** Whether a connection was made since the last {@link dropAll}. */
  isCurrent(connection: object): boolean {
    return this.#open.get(connection)?.generation === this.#generation
  }

  /** Ends all connections at once, also those in use: what runs on them fails. */
  dropAll(): void {
    this.#generation++
    for (const { socket } of this.#open.values()) socket.destroy()
  }

  async #dialHost(host: HostPort, timeoutMs: number): Promise<object> {
    const deadline = performance.now() + timeoutMs
    const known = this.#worked.get(host)
    const attempts =
      known === undefined
        ? this.#tls.attempts
        : [known, ...this.#tls.attempts.filter((each) => each !== known)]
    let lastError: unknown
    for (const attempt of attempts) {
      if (lastError !== undefined && !this.#mayTry(attempt, lastError)) break
      try {
        const connection = await this.#connect(host, attempt, Math.max(1, deadline - performance.now()))
        this.#worked.set(host, attempt)
        return connection
      } catch (error) {
        lastError = error
      }
    }
    throw lastError
  }

  #mayTry(next: TlsAttempt, lastError: unknown): boolean {
    const { code } = classify(lastError)
    const { message } = readError(lastError)
    return next === 'none'
      ? this.#dialect.retriesPlain(code, message)
      : code === 'tls-required' || /pg_hba/.test(message)
  }

  async #connect(host: HostPort, attempt: TlsAttempt, timeoutMs: number): Promise<object> {
    const sockets: Socket[] = []
    const settings = {
      ...this.#client.connectionSettings,
      ...this.#dialect.address(host),
      ...this.#dialect.tls(attempt, this.#tls.files, host.host),
      ...this.#dialect.timeout(Math.ceil(timeoutMs)),
      stream: () => {
        const socket = this.#dialect.socket(host)
        sockets.push(socket)
        return socket
      },
    }
    try {
      return await within(timeoutMs + graceMs, this.#greet(settings, host, sockets))
    } catch (error) {
      for (const socket of sockets) socket.destroy()
      throw afterConnect(error)
    }
  }

  async #greet(settings: object, host: HostPort, sockets: readonly Socket[]): Promise<object> {
    const client = this.#client
    const scoped = Object.create(client, {
      connectionSettings: { value: settings },
      version: { value: client.version, writable: true },
    }) as KnexClient
    const connection = await this.#rawAcquire.call(scoped)
    if (scoped.version !== undefined) client.version ??= scoped.version
    const socket = sockets.at(-1) as Socket
    this.#open.set(connection, { socket, host, generation: this.#generation })
    socket.once('close', () => this.#open.delete(connection))
    await this.#demand(connection, host)
    return connection
  }

  async #demand(connection: object, host: HostPort): Promise<void> {
    const required = requiredOf(this.#target.params)
    if (required === undefined || required(await this.readStatus(connection))) return
    throw this.#noSuitableHost([`${host.host} (another role)`])
  }

  #noSuitableHost(failures: readonly string[]): ProblemError {
    const target = `The ${this.#dialect.name} server`
    return new ProblemError(problem('no-suitable-host', { target, hosts: failures.join(', ') }))
  }
}

function withDefault({ host, port }: HostPort, dialect: ServerDialect): HostPort {
  return { host: host === '' ? dialect.defaultHost.host : host, port }
}

/** A server that hangs up during the greeting is none of this kind. */
function afterConnect(error: unknown): unknown {
  const { code, message } = classify(error)
  if (code !== 'connection-lost') return error
  return new ProblemError(problem('not-a-database-server', { target: 'The server', dialect: 'database' }), {
    message,
  })
}
