import { problemCatalogue } from '../../problem/catalogue.ts'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { withinAwake } from '../time.ts'
import type { Connections, OpenConnection } from './connections.ts'
import type { Dialer } from './dialer.ts'
import { endBackend } from './left-backends.ts'
import { borrow, type PoolPort } from './pool-port.ts'
import type { ServerDialect } from './server-dialect.ts'

/** How often connections are looked at, in milliseconds. All that follows is counted in looks: a process that stands still looks at nothing. */
const lookMs = 1000
/** So many looks in silence, and the server is asked what it does for a statement; again after so many, while it works on it. */
const looks = { first: 3, working: 5, unknown: 15 }
/** Where new connections fail at once, they must fail for so many looks before the old ones count as dead too. */
const looksWithoutNew = 3
/** How long the server may take to say what its backends do, in milliseconds. */
const answerMs = 3000

interface Silence {
  looks: number
  /** Asked again at so many. */
  askAt: number
  /** Whether the server said, once, that it does nothing for it. */
  isDoubted: boolean
}

/** What the watch is to do. */
export interface SilenceEvents {
  /** A statement will never be answered: its server does nothing for it. */
  readonly onLost: (connection: RawConnection) => void
  /** A host is dead: new connections fail in this way, and old ones are silent. */
  readonly onDead: (host: DialHost, error: unknown) => void
}

/**
 * Watches the statements under way. One is given up only by evidence: over another connection the server says that it does nothing
 * for it, or new connections fail while nothing comes over old ones. Where the server cannot be asked, it is left alone.
 */
export class SilenceWatch {
  readonly #dialect: ServerDialect
  readonly #connections: Connections
  readonly #dialer: Dialer
  readonly #pool: PoolPort
  readonly #events: SilenceEvents
  readonly #silences = new WeakMap<OpenConnection, Silence>()
  #timer: NodeJS.Timeout | undefined
  readonly #looksWithoutNew = new Map<DialHost, number>()
  #isAsking = false

  constructor(
    dialect: ServerDialect,
    connections: Connections,
    dialer: Dialer,
    pool: PoolPort,
    events: SilenceEvents,
  ) {
    this.#dialect = dialect
    this.#connections = connections
    this.#dialer = dialer
    this.#pool = pool
    this.#events = events
    this.start()
  }

  /** Watches; doing it already, it goes on. */
  start(): void {
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const suspects = [...this.#connections.all].filter((entry) => this.#isSuspect(entry))
    const [first] = suspects
    if (!first || this.#isAsking) return
    this.#isAsking = true
    const sameHost = suspects.filter(({ host }) => host === first.host)
    void this.#judge(first, sameHost).finally(() => (this.#isAsking = false))
  }

  #isSuspect(entry: OpenConnection): boolean {
    if (this.#connections.listen(entry) || !this.#dialect.isWaiting(entry.connection)) {
      this.#silences.delete(entry)
      return false
    }
    const silence = this.#silenceOf(entry)
    silence.looks++
    return silence.looks >= silence.askAt
  }

  #silenceOf(entry: OpenConnection): Silence {
    const silence = this.#silences.get(entry) ?? { looks: 0, askAt: looks.first, isDoubted: false }
    this.#silences.set(entry, silence)
    return silence
  }

  async #judge(first: OpenConnection, suspects: readonly OpenConnection[]): Promise<void> {
    const started = performance.now()
    try {
      await this.#withAsker(first, (asker) => this.#ask(asker, first, suspects))
      this.#looksWithoutNew.delete(first.host)
    } catch (error) {
      this.#learnFailure(first.host, suspects, error, performance.now() - started)
    }
  }

  /** Another connection to the same host: of the pool where it has one to spare, else a short-lived one. */
  async #withAsker(first: OpenConnection, ask: (asker: RawConnection) => Promise<void>): Promise<void> {
    if (this.#dialer.isOnly(first.host) && this.#pool.hasRoom()) return await borrow(this.#pool, ask)
    const asker = await this.#dialer.dialBeside(first.connection)
    await ask(asker).finally(() => this.#connections.drop(asker))
  }

  async #ask(
    asker: RawConnection,
    first: OpenConnection,
    suspects: readonly OpenConnection[],
  ): Promise<void> {
    const { backends, query } = this.#dialect
    const own = this.#connections.backendOf(asker)
    const known = suspects.filter(({ backend }) => own && backend?.server === own.server)
    for (const each of suspects) this.#askAgainIn(each, looks.unknown)
    this.#connections.hear(first.host)
    if (!backends || !own || known.length === 0) return
    const ids = [own, ...known.map(({ backend }) => backend!)].map(({ id }) => id)
    const list = backends.readList(await withinAwake(answerMs, query(asker, backends.listSql(ids))))
    // A list without the one who asks speaks of other backends than these.
    if (!list.has(own.id)) return
    for (const each of known) {
      const backend = each.backend!
      const activity = list.get(backend.id) ?? 'gone'
      // What is open on it would keep its locks for as long as the server believes in the connection.
      if (this.#learn(each, activity) && activity !== 'gone')
        await endBackend(this.#dialect, asker, { backend, heardAt: each.heardAt })
    }
  }

  /** Whether it was given up. */
  #learn(entry: OpenConnection, activity: 'working' | 'idle' | 'gone'): boolean {
    const silence = this.#silences.get(entry)
    // What came meanwhile is the answer.
    if (!silence || this.#connections.listen(entry)) return false
    if (activity !== 'working' && silence.isDoubted) {
      this.#events.onLost(entry.connection)
      return true
    }
    // The answer of one that is idle may be on the way.
    silence.isDoubted = activity !== 'working'
    this.#askAgainIn(entry, silence.isDoubted ? 1 : looks.working)
    return false
  }

  #learnFailure(host: DialHost, suspects: readonly OpenConnection[], error: unknown, tookMs: number): void {
    const code = error instanceof ProblemError ? error.code : undefined
    const proves = code && problemCatalogue[code].proves
    // An error without a code is that of a question, not of a connection.
    const isEvidence =
      (proves === 'unreached' || proves === 'failing') && !this.#connections.isHeardWithin(tookMs)
    const failedLooks = isEvidence ? (this.#looksWithoutNew.get(host) ?? 0) + 1 : 0
    this.#looksWithoutNew.set(host, failedLooks)
    for (const each of suspects) this.#askAgainIn(each, isEvidence ? 1 : looks.working)
    if (isEvidence && (code === 'connect-timeout' || failedLooks > looksWithoutNew))
      this.#events.onDead(host, error)
  }

  #askAgainIn(entry: OpenConnection, after: number): void {
    const silence = this.#silenceOf(entry)
    silence.askAt = silence.looks + after
  }
}
