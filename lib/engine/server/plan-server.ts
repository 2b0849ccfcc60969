import { userInfo } from 'node:os'
import type { Problem } from '../../problem/problem.ts'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import type { EngineOptions } from '../engine.ts'
import type { ErrorContext } from '../errors/classify-error.ts'
import type { DialPlan } from './host-dialer.ts'
import { mapParameters, readBoundMs, type MappedParameters } from './parameters.ts'
import { poolSettings, type PoolSettings } from './pool-settings.ts'
import type { Credentials, ServerDialect } from './server-dialect.ts'
import { serverDialects } from './server-dialects.ts'
import { planTls } from './tls.ts'

/** What the engine is told besides the public options. */
export interface ServerEngineOptions extends EngineOptions {
  /** The words for a failure of a host. */
  readonly contextOf: (target: ServerTarget, host: HostPort) => ErrorContext
}

/** Everything that an engine on a server is made of. */
export interface ServerPlan extends DialPlan {
  /** The settings of the driver that are the same for every host. */
  readonly settings: Record<string, unknown>
  readonly pool: PoolSettings
  readonly log: EngineOptions['log']
}

/** The subject of what is wrong with a URL. */
const subject = 'The database URL'

/** Works out all settings of a server's engine; nothing is left to the environment. */
export function planServer(
  target: ServerTarget,
  options: ServerEngineOptions,
): ServerPlan | { readonly problem: Problem } {
  const dialect = serverDialects[target.dialect]
  const mapped = mapParameters(dialect.parameters, target.params, subject)
  if ('problem' in mapped) return mapped
  const tls = planTls(target.tls, target.params, subject)
  if ('problem' in tls) return tls
  tellIgnored(mapped, dialect, options.log)
  return {
    dialect,
    target,
    login: { password: target.password?.reveal() ?? '' },
    tls,
    settings: dialect.settings(credentialsOf(target), target, mapped.settings),
    pool: poolSettings(target.params, options.pool),
    connectTimeoutMs: options.connectTimeoutMs ?? readBoundMs(target.params, boundUnits) ?? 5000,
    contextOf: (host) => options.contextOf(target, host),
    log: options.log,
  }
}

const boundUnits = { connect_timeout: 's', connection_timeout: 's', connecttimeout: 'ms' } as const

/** Every part written: a driver fills what is left out from somewhere else. */
function credentialsOf({ user, password, database }: ServerTarget): Credentials {
  return { user: user ?? osUser(), password: password?.reveal() ?? '', database }
}

/** In a container the user that runs the program may have a number and no name. */
function osUser(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.geteuid?.())
  }
}

function tellIgnored(
  { ignored }: MappedParameters,
  { name }: ServerDialect,
  log: EngineOptions['log'],
): void {
  for (const { parameter, why } of ignored) {
    const message = `${subject} has the parameter "${parameter}", which has no effect on ${name} here: ${why}.`
    log?.({ level: 'info', event: 'parameter-ignored', message, details: { parameter } })
  }
}
