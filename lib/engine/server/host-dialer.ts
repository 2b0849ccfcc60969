import type { Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type { Cause } from '../../problem/cause.ts'
import { problemCatalogue } from '../../problem/catalogue.ts'
import { problem } from '../../problem/problem.ts'
import type { DialHost } from '../../url/dial-hosts.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { ServerSettings } from '../../url/settings.ts'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import { classify, describe, type ErrorContext } from '../errors/classify-error.ts'
import { endsConnection, isAnswer } from '../errors/find-meaning.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { withinAwake } from '../time.ts'
import { certificateWords } from './certificate-words.ts'
import type { Connections } from './connections.ts'
import { endLeft } from './left-backends.ts'
import { LoginGuard } from './login-guard.ts'
import type { HostLogin, Logins } from './logins.ts'
import type { HostRequirement } from './host-requirements.ts'
import type { ServerDialect, ServerStatus, TlsAttempt } from './server-dialect.ts'
import type { TlsPlan } from './tls.ts'

/** What to connect to, and how. */
export interface DialPlan {
  readonly dialect: ServerDialect
  readonly target: ServerTarget
  /** What the URL asks for. */
  readonly said: ServerSettings
  readonly logins: Logins
  readonly tls: TlsPlan
  /** The bound of one host. */
  readonly connectTimeoutMs: number
  /** The settings of the driver that are the same for every host. */
  readonly driverSettings: Readonly<Record<string, unknown>>
  /** The words for a failure of this host. */
  readonly contextOf: (host: HostPort) => ErrorContext
}

/** Makes one connection with these settings, through a driver. */
export type Connect = (settings: Readonly<Record<string, unknown>>) => Promise<RawConnection>

/** How long another way to encrypt may take at least, in milliseconds. */
const graceMs = 1000
/** How long it may take to ask whether a server offers encryption, in milliseconds. */
const offersTlsMs = 1000

const nothingSent =
  'It was not in use yet: no statement of the program was sent. It is tried again by itself.'

/** Makes connections to one host: each way to encrypt in turn, within a bound. */
export class HostDialer {
  readonly #plan: DialPlan
  readonly #connections: Connections

  constructor(plan: DialPlan, connections: Connections) {
    this.#plan = plan
    this.#connections = connections
  }

  /** Connects to a host that is as required, or throws a {@link ProblemError}. */
  async dial(
    host: DialHost,
    requirement: HostRequirement | undefined,
    timeoutMs: number,
    connect: Connect,
  ): Promise<RawConnection> {
    const askedAt = performance.now()
    const deadline = askedAt + timeoutMs
    const failures: ProblemError[] = []
    const login = this.#plan.logins.of(host, this.#plan.contextOf(host))
    login.catch(() => undefined)
    let offersTls: boolean | undefined
    for (const attempt of this.#attemptsOn(host)) {
      const last = failures.at(-1)
      if (last && !this.#mayTry(attempt, last)) break
      const guard = new LoginGuard()
      // A server that answered the way before gets a moment for the next one, however late it is for this process.
      const leftMs = (): number => Math.max(Math.min(timeoutMs, graceMs), deadline - performance.now())
      try {
        return await this.#attempt(host, attempt, requirement, leftMs(), guard, { connect, login })
      } catch (error) {
        if (attempt !== 'none') offersTls = guard.hasTls
        else if (offersTls === undefined && isRefusedPlain(error))
          offersTls = await this.#offersTls(host, leftMs())
        failures.push(this.#name(error, host, guard, offersTls))
      }
    }
    const failure = moreTelling(failures)
    if (problemCatalogue[failure.code].pace === 'rejected') this.#plan.logins.refuse(host, failure, askedAt)
    throw failure
  }

  /** Asks a connection what its server is. */
  async readStatus(connection: RawConnection): Promise<ServerStatus> {
    const { statusSql, readStatus, query } = this.#plan.dialect
    await this.#expectReady(connection)
    return readStatus(await query(connection, statusSql))
  }

  /** A Unix socket has no TLS, whatever the URL says of it, as in libpq. */
  #attemptsOn({ address }: DialHost): readonly TlsAttempt[] {
    return isAbsolute(address) ? ['none'] : this.#plan.tls.attempts
  }

  #mayTry(next: TlsAttempt, { code, cause }: ProblemError): boolean {
    const message = cause?.message ?? ''
    return next === 'none'
      ? this.#plan.dialect.retriesPlain(code, message)
      : ['tls-required', 'auth-failed', 'host-not-allowed', 'access-denied'].includes(code)
  }

  async #attempt(
    host: DialHost,
    attempt: TlsAttempt,
    requirement: HostRequirement | undefined,
    timeoutMs: number,
    guard: LoginGuard,
    { connect, login }: { readonly connect: Connect; readonly login: Promise<HostLogin> },
  ): Promise<RawConnection> {
    const { dialect, said, logins } = this.#plan
    let socket: Socket | undefined
    const stream = (): Socket => (socket = this.#connections.watch(dialect.openSocket(host, said)))
    try {
      const known = await withinAwake(timeoutMs, login)
      const settings = { ...this.#settings(host, attempt, known), stream, guard }
      const connection = await withinAwake(timeoutMs, this.#greet(settings, host, connect))
      logins.accept(host)
      this.#connections.add(connection, socket as unknown as Socket, host)
      await withinAwake(timeoutMs, this.#begin(connection, host, requirement))
      return connection
    } catch (error) {
      socket?.destroy()
      throw error
    }
  }

  #settings(host: DialHost, attempt: TlsAttempt, { user, password }: HostLogin): Record<string, unknown> {
    const { dialect, driverSettings, tls } = this.#plan
    return {
      ...driverSettings,
      ...(user !== undefined && { user }),
      password: dialect.passwordSetting(password),
      ...dialect.addressSettings(host),
      ...dialect.tlsSettings(attempt, tls.files.material),
    }
  }

  /** A server that hangs up during the greeting without a word is none of this kind. */
  async #greet(
    settings: Readonly<Record<string, unknown>>,
    host: DialHost,
    connect: Connect,
  ): Promise<RawConnection> {
    try {
      return await connect(settings)
    } catch (error) {
      const context = this.#plan.contextOf(host)
      const isKnown = error instanceof ProblemError || isAnswer(error)
      const isHangUp = !isKnown && classify(error, context).code === 'connection-lost'
      if (!isHangUp) throw error
      throw new ProblemError(describe('not-a-database-server', context), { cause: error })
    }
  }

  async #begin(
    connection: RawConnection,
    { host }: DialHost,
    requirement: HostRequirement | undefined,
  ): Promise<void> {
    const { dialect, said } = this.#plan
    const sql = dialect.sessionSql?.(said)
    if (sql !== undefined) await dialect.query(connection, sql)
    await this.#identify(connection)
    if (requirement === undefined && said.hosts.length > 1) await this.#expectReady(connection)
    if (requirement === undefined || requirement(await this.readStatus(connection))) return
    throw noSuitableHost(this.#plan, `${host} (another role)`)
  }

  /**
   * Learns which backend a connection has, so that others can ask for it, and ends those that were left on the same server. Behind a
   * pooler it has none of its own; one that took the login may refuse this first statement in place of it.
   */
  async #identify(connection: RawConnection): Promise<void> {
    const { backends, query } = this.#plan.dialect
    if (backends === undefined) return
    const backend = await query(connection, backends.identitySql).then(backends.readIdentity, unlessOver)
    if (!backend || backend.id !== backends.idOf(connection)) return
    this.#connections.identify(connection, backend)
    await endLeft(this.#plan.dialect, connection, backend.server)
  }

  async #expectReady(connection: RawConnection): Promise<void> {
    const { readiness, query } = this.#plan.dialect
    if (readiness === undefined || readiness.isReady(await query(connection, readiness.sql))) return
    const host = this.#connections.hostOf(connection) as DialHost
    throw new ProblemError(describe('server-starting', this.#plan.contextOf(host)))
  }

  async #offersTls(host: DialHost, leftMs: number): Promise<boolean | undefined> {
    const { dialect, said } = this.#plan
    if (isAbsolute(host.address)) return undefined
    return await dialect.offersTls?.(
      this.#connections.watch(dialect.openSocket(host, said)),
      host,
      Math.min(leftMs, offersTlsMs),
    )
  }

  #name(error: unknown, host: DialHost, guard: LoginGuard, offersTls: boolean | undefined): ProblemError {
    if (error instanceof ProblemError) return error
    const found = classify(error, {
      ...this.#plan.contextOf(host),
      stage: 'login',
      ...(offersTls !== undefined && { offersTls }),
      words: certificateWords(guard.certificate, this.#plan.said.tls.ca !== undefined),
    })
    return new ProblemError(found.code === 'connection-lost' ? { ...found, hint: nothingSent } : found)
  }
}

/** A role may not see its backend, and goes on without. */
function unlessOver(error: unknown): undefined {
  if (endsConnection(error)) throw error
}

/** Whether a server has no rule for connections in plain text: whether it offers others is asked. */
function isRefusedPlain(error: unknown): boolean {
  return /no encryption|SSL off/i.test((error as Error).message)
}

/** Where TLS failed first, and plain text did no better, it is the first failure that says what is wrong. */
function moreTelling(failures: readonly ProblemError[]): ProblemError {
  const [first, last] = [failures[0], failures.at(-1)] as [ProblemError, ProblemError]
  const isRefusal = last.code === 'tls-required' && first.code !== 'tls-not-supported'
  const isSilence = last.code === 'connect-timeout' && first.code === 'not-a-database-server'
  return isRefusal || isSilence ? first : last
}

/** No host will do; `hosts` says why for each. */
export function noSuitableHost({ target }: DialPlan, hosts: string, cause?: Cause): ProblemError {
  return new ProblemError(
    problem('no-suitable-host', { target: formatUrl(target), hosts }, cause && { cause }),
  )
}
