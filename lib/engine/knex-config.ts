import type { Knex } from 'knex'
import type { DatabaseConfig } from '../resolve/config.ts'
import type { DatabaseTarget } from '../url/target.ts'
import { checkEngineConfig, checkEngineOptions } from './check-engine-options.ts'
import { isOfServer, settle } from './create-engine.ts'
import type { EngineOptions } from './engine.ts'
import { ProblemError } from './problem-error.ts'
import { serverKnexConfig } from './server/create-server-engine.ts'
import { sqliteKnexConfig } from './sqlite/sqlite-engine.ts'

/**
 * The configuration of knex for a decision or a target, for a `knexfile.js` and for tools that make their own knex. A knex that is made from it
 * promises what an engine's knex promises: its connections, TLS, transactions and SQLite settings are those of this library. It never falls back,
 * and it is closed with its own `destroy()`. You may add other options, `knex({ ...knexConfig(target), migrations })`, but must not replace
 * `client` or `connection`.
 *
 * @param config - what `resolveDatabaseConfig` decided, or the target of a URL.
 * @param options - as for `createEngine`.
 * @throws {@link ProblemError} if there is nothing to connect to: the problem of an unresolved config, `driver-missing`, `driver-broken`,
 * `invalid-parameter`, or that of a file that TLS needs.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * import makeKnex from 'knex'
 *
 * const config = resolveDatabaseConfig({ env: { DATABASE_URL: 'sqlite::memory:' } })
 * const knex = makeKnex(knexConfig(config, { knex: { migrations: { directory: './migrations' } } }))
 * await knex.select(knex.raw('1 as one')) // [{ one: 1 }]
 * await knex.destroy()
 * ```
 */
export function knexConfig(
  config: DatabaseConfig | DatabaseTarget,
  options: EngineOptions = {},
): Knex.Config {
  checkEngineConfig(config)
  checkEngineOptions(options)
  const settled = settle(config, options)
  if ('problem' in settled) throw new ProblemError(settled.problem)
  const made = isOfServer(settled)
    ? serverKnexConfig(settled.target, settled.options)
    : sqliteKnexConfig(settled.target, settled.options)
  if (!made.ok) throw new ProblemError(made.problem)
  return made.config
}
