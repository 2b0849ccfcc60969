import { userInfo } from 'node:os'
import { problem, type Problem } from '../../problem/problem.ts'
import { readSettings, type ServerSettings } from '../../url/settings.ts'
import { Secret } from '../../url/secret.ts'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import type { EngineOptions } from '../engine.ts'
import { engineDefaults } from '../engine-defaults.ts'
import type { ErrorContext } from '../errors/classify-error.ts'
import { redactSecrets } from '../errors/redact.ts'
import type { Redact } from '../errors/server-words.ts'
import type { DialPlan } from './host-dialer.ts'
import { poolSettings, type PoolSettings } from './pool-settings.ts'
import { Logins } from './logins.ts'
import type { Login, ServerDialect } from './server-dialect.ts'
import { serverDialects } from './server-dialects.ts'
import { planTls } from './tls.ts'

/** What the engine is told besides the public options. */
export interface ServerEngineOptions extends EngineOptions {
  /** The words for a failure of a host. */
  readonly contextOf: (target: ServerTarget, host: HostPort) => ErrorContext
  /** What was taken off the password before it came to this target. */
  readonly cleaned?: string | undefined
}

/** Everything that an engine on a server is made of. */
export interface ServerPlan extends DialPlan {
  readonly pool: PoolSettings
  /** Takes the secrets of the target out of what its server says. */
  readonly redact: Redact
  readonly log: EngineOptions['log']
  /** What the program says to knex itself. */
  readonly knex: EngineOptions['knex']
}

/** The subject of what is wrong with a URL. */
const subject = 'The database URL'

/** Works out all settings of a server's engine; nothing is left to the environment. */
export function planServer(
  target: ServerTarget,
  options: ServerEngineOptions,
): ServerPlan | { readonly problem: Problem } {
  const read = readSettings(target)
  if (!read.ok) return { problem: problem('invalid-parameter', { subject, ...read.invalid[0] }) }
  const { settings } = read
  const tls = planTls(settings.tls, subject, options.log)
  if ('problem' in tls) return tls
  const dialect = serverDialects[target.dialect]
  tellIgnored(settings, dialect, options.log)
  const logins = new Logins(
    { user: target.user, password: target.password ?? new Secret('') },
    options.credentials,
  )
  const redact = redactSecrets(target, logins)
  const inUse = (): ServerTarget => (logins.user === undefined ? target : { ...target, user: logins.user })
  return {
    dialect,
    get target() {
      return inUse()
    },
    said: settings,
    logins,
    tls,
    driverSettings: dialect.driverSettings(loginOf(target), settings),
    pool: poolSettings(settings, options.pool),
    connectTimeoutMs:
      options.connectTimeoutMs ?? settings.connectTimeoutMs ?? engineDefaults.connectTimeoutMs,
    contextOf: (host) =>
      adviseOnPassword({ ...options.contextOf(inUse(), host), redact }, logins, options.cleaned),
    redact,
    log: options.log,
    knex: options.knex,
  }
}

/** A login that fails for want of a password, or because a part of it was taken off, says so. */
function adviseOnPassword(
  context: ErrorContext,
  login: { readonly password: Secret },
  cleaned: string | undefined,
): ErrorContext {
  const refine: NonNullable<ErrorContext['refine']> = (code) => {
    const refined = context.refine?.(code) ?? { code, advice: '' }
    if (refined.code !== 'auth-failed') return refined
    const own = login.password.reveal() === '' ? 'There is no password in the URL.' : (cleaned ?? '')
    return { ...refined, advice: `${own} ${refined.advice}`.trim() }
  }
  return { ...context, refine }
}

/** Every part written: a driver fills what is left out from somewhere else. The password comes with each connection. */
function loginOf({ user, database }: ServerTarget): Login {
  return { user: user ?? osUser(), database }
}

/** In a container the user that runs the program may have a number and no name. */
function osUser(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.geteuid?.())
  }
}

function tellIgnored({ ignored }: ServerSettings, { kind }: ServerDialect, log: EngineOptions['log']): void {
  for (const { parameter, why } of ignored) {
    const message = `${subject} has the parameter "${parameter}", which has no effect on ${kind.name} here: ${why}.`
    log?.({ level: 'info', event: 'parameter-ignored', message, details: { parameter } })
  }
}
