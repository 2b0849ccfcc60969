import { Secret } from '../../url/secret.ts'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { Credentials } from '../engine.ts'
import { describe, type ErrorContext } from '../errors/classify-error.ts'
import { ProblemError } from '../problem-error.ts'

/** How soon a login that was refused is asked for again, in milliseconds. */
const refusedMs = 15_000

interface Refusal {
  readonly until: number
  readonly error: ProblemError
}

/** What was refused, by whom the login came from: an engine that is made anew asks no sooner. */
const refusals = new WeakMap<Credentials, Map<string, Refusal>>()

/** What a new connection logs in with. */
export interface HostLogin {
  /** Absent: the user of the URL. */
  readonly user?: string
  readonly password: string
}

/** The login of each new connection: that of the URL, or what the program gives for the host. */
export class Logins {
  /** The last one in use: that of the URL, which a file may change, or what the program gave. */
  password: Secret
  /** That of the URL, which a file may change. */
  user: string | undefined
  readonly #credentials: Credentials | undefined
  readonly #refusals = new Map<string, Refusal>()
  /** When each host last took a login, on the monotonic clock. */
  readonly #takenAt = new Map<string, number>()

  constructor(
    login: { readonly user: string | undefined; readonly password: Secret },
    credentials?: Credentials,
  ) {
    this.password = login.password
    this.user = login.user
    this.#credentials = credentials
    if (!credentials) return
    this.#refusals = refusals.get(credentials) ?? this.#refusals
    refusals.set(credentials, this.#refusals)
  }

  /** @throws {@link ProblemError} `auth-failed` where the program gives none, or where the last one was refused just now. */
  async of(host: DialHost, context: ErrorContext): Promise<HostLogin> {
    const { user } = this
    const known = user === undefined ? {} : { user }
    if (!this.#credentials) return { ...known, password: this.password.reveal() }
    const refusal = this.#refusals.get(nameOf(host))
    if (refusal && performance.now() < refusal.until) throw refusal.error
    try {
      const login = checked(await this.#credentials({ host: host.host, port: host.port, ...known }))
      // Known as a secret from here on.
      this.password = new Secret(login.password)
      return login
    } catch (error) {
      throw new ProblemError(describe('auth-failed', context), { cause: error })
    }
  }

  /** The server refused a login that was asked for at this moment. */
  refuse(host: DialHost, error: ProblemError, askedAt: number): void {
    const name = nameOf(host)
    const isNews =
      error !== this.#refusals.get(name)?.error && askedAt > (this.#takenAt.get(name) ?? -Infinity)
    if (this.#credentials && isNews) this.#refusals.set(name, { until: performance.now() + refusedMs, error })
  }

  /** The server took it. */
  accept(host: DialHost): void {
    this.#takenAt.set(nameOf(host), performance.now())
    this.#refusals.delete(nameOf(host))
  }
}

/** For how long no login is asked for, in milliseconds, because all that these gave were refused just now. */
export function pauseOf(credentials: Credentials | undefined): number {
  const known = credentials && refusals.get(credentials)
  if (!known || known.size === 0) return 0
  const until = Math.min(...[...known.values()].map((refusal) => refusal.until))
  // A timer may be a little early.
  return Math.max(0, Math.ceil(until - performance.now()) + 1)
}

/** What a program gives may be anything: a token that is not there, or one that is no part of an object. */
function checked(login: HostLogin): HostLogin {
  const { user = '', password } = Object(login) as Partial<HostLogin>
  if (typeof password !== 'string' || typeof user !== 'string')
    throw new TypeError('credentials() must give { password }, or { user, password }, of strings.')
  return login
}

function nameOf({ host, port }: DialHost): string {
  return `${host}:${port}`
}
