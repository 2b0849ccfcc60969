import { isAbsolute } from 'node:path'
import type { PoolOptions as MysqlPoolOptions } from 'mysql2/promise'
import { serverOptions } from '../engine/create-engine.ts'
import { planServer, type ServerPlan } from '../engine/server/plan-server.ts'
import type { ServerTarget } from '../url/target.ts'

/**
 * The options of `mysql2` for a target, for a program that makes its own pool or connection. Every part is written, and TLS means what it
 * means in libpq. The password is not enumerable, so that nothing prints it: hand the object on as it is, since a copy of it has none.
 *
 * @param target - of a URL, such as `validateUrl` returns it.
 * @throws TypeError if the target is of another database or has a parameter or a file that cannot be used, and if it asks for what plain
 * options cannot say: several hosts, a role (`target_session_attrs`), a statement timeout, or the TLS modes `allow` and `prefer` (`prefer` is
 * that of a URL without a mode).
 *
 * @example
 * ```ts
 * const config = toMysqlConfig({
 *   dialect: 'mysql',
 *   hosts: [{ host: 'db', port: 3306 }],
 *   user: 'app',
 *   tls: { mode: 'disable' },
 *   params: {},
 * })
 * config.host // 'db'
 * ```
 */
export function toMysqlConfig(target: ServerTarget): MysqlPoolOptions {
  if (target.dialect !== 'mysql') throw new TypeError('target must be one of MySQL')
  const plan = planServer(target, serverOptions({}, {}))
  if ('problem' in plan) throw new TypeError(plan.problem.message)
  const unsaid = unsayable(plan, target)
  if (unsaid) throw new TypeError(`${unsaid} cannot be said in plain options of mysql2: use openPool()`)
  const { dialect, said, pool, driverSettings, connectTimeoutMs } = plan
  const host = said.hosts[0]!
  const config = {
    ...driverSettings,
    ...dialect.addressSettings(host),
    ...dialect.tlsSettings(
      isAbsolute(host.address) ? 'none' : plan.tls.attempts[0]!,
      plan.tls.files.material,
    ),
    stream: () => dialect.openSocket(host, said),
    connectTimeout: connectTimeoutMs,
    connectionLimit: pool.max,
  }
  const password = target.password?.reveal() ?? ''
  return Object.defineProperty(config, 'password', { value: password, enumerable: false })
}

function unsayable({ said, tls, dialect }: ServerPlan, target: ServerTarget): string | undefined {
  const [host] = said.hosts
  if (said.hosts.length > 1) return 'hosts: a list of several'
  if (said.role !== 'any') return `target_session_attrs: "${said.role}"`
  if (dialect.sessionSql?.(said) !== undefined) return 'statement_timeout'
  if (tls.attempts.length > 1 && !isAbsolute(host!.address))
    return `tls: the mode "${target.tls?.mode ?? 'prefer'}"`
  return undefined
}
