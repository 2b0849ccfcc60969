import type { PoolConfig } from 'pg'
import { serverOptions } from '../engine/create-engine.ts'
import { loadDriver } from '../engine/load-driver.ts'
import { dialingClient, type PgClientClass } from '../engine/postgres/dialing-client.ts'
import { guardDriver } from '../engine/postgres/guard-driver.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { Connections } from '../engine/server/connections.ts'
import { Dialer } from '../engine/server/dialer.ts'
import { planServer, type ServerPlan } from '../engine/server/plan-server.ts'
import type { ServerTarget } from '../url/target.ts'

/**
 * The options of `pg` for a target, for a program that makes its own pool or client. Every part is written, so that no `PG*` variable of
 * the environment fills one in, and TLS means what it means in libpq. The password is a function, so that nothing prints it. What plain
 * options cannot say (`prefer`, `allow`, several hosts, `target_session_attrs`) is said by a `Client` class of our own, which `pg.Pool`
 * takes as an option.
 *
 * @param target - of a URL, such as `validateUrl` returns it.
 * @throws TypeError if the target is not of PostgreSQL or CockroachDB, or has a parameter or a file that cannot be used;
 * {@link ProblemError} (`driver-missing`, `driver-broken`) if that class is needed and `pg` cannot be loaded.
 *
 * @example
 * ```ts
 * const config = toPgConfig({
 *   dialect: 'postgres',
 *   hosts: [{ host: 'db', port: 5432 }],
 *   user: 'app',
 *   tls: { mode: 'disable' },
 *   params: {},
 * })
 * config.host // 'db'
 * config.ssl // false
 * ```
 */
export function toPgConfig(target: ServerTarget): PoolConfig {
  if (target.dialect !== 'postgres' && target.dialect !== 'cockroachdb')
    throw new TypeError('target must be one of PostgreSQL or CockroachDB')
  const plan = planServer(target, serverOptions({}, {}))
  if ('problem' in plan) throw new TypeError(plan.problem.message)
  const { dialect, driverSettings, said, pool } = plan
  const [host] = said.hosts
  const shared = { ...driverSettings, ...dialect.addressSettings(host!), max: pool.max, min: pool.min }
  if (!isPlain(plan)) return { ...shared, ssl: false, Client: clientOf(plan) as never }
  const tls = dialect.tlsSettings(plan.tls.attempts[0]!, plan.tls.files.material)
  const password = dialect.passwordSetting(target.password?.reveal() ?? '') as () => string
  return { ...shared, ...tls, password, connectionTimeoutMillis: plan.connectTimeoutMs }
}

/** Whether it is one host, at the address that its name has, with one way to encrypt. */
function isPlain({ said, tls }: ServerPlan): boolean {
  const [host] = said.hosts
  const isOne = said.hosts.length === 1 && host?.address === host?.host && said.role === 'any'
  return isOne && (tls.attempts.length === 1 || host!.host.startsWith('/'))
}

function clientOf(plan: ServerPlan): PgClientClass {
  const loaded = loadDriver('pg', 'The PostgreSQL database')
  if (!loaded.ok) throw new ProblemError(loaded.problem)
  const { Client } = guardDriver(loaded.module) as { Client: PgClientClass }
  const connect = async (settings: object): Promise<InstanceType<PgClientClass>> => {
    const client = new Client(settings)
    await client.connect()
    return client
  }
  const ignore = (): void => undefined
  const dialer = new Dialer(connect, plan, new Connections(() => true), ignore)
  return dialingClient(loaded.module, {
    dial: (become) => dialer.dial(undefined, become),
    noteTrouble: ignore,
  })
}
