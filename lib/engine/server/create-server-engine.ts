import type { Knex } from 'knex'
import type { Problem } from '../../problem/problem.ts'
import type { ServerTarget } from '../../url/target.ts'
import { clientForEach, clientOf, dialectOf, type KnexModule } from '../knex-client.ts'
import { loadDriver } from '../load-driver.ts'
import type { ManagedEngineResult } from '../managed-engine.ts'
import { planServer, type ServerEngineOptions, type ServerPlan } from './plan-server.ts'
import { serverDialects } from './server-dialects.ts'
import { ServerEngine, type Packages } from './server-engine.ts'
import { plainConfig } from './server-knex-config.ts'

/** Makes an engine of a server's address. No connection is made before it is used. */
export function createServerEngine(target: ServerTarget, options: ServerEngineOptions): ManagedEngineResult {
  const planned = planAll(target, options)
  return planned.ok ? { ok: true, engine: new ServerEngine(planned.packages, planned.plan) } : planned
}

/** What a knex for a server is made of, or why there is none. */
export function serverKnexConfig(
  target: ServerTarget,
  options: ServerEngineOptions,
): { readonly ok: true; readonly config: Knex.Config } | Refused {
  const planned = planAll(target, options)
  if (!planned.ok) return planned
  const { packages, plan } = planned
  const Dialect = dialectOf(packages.makeKnex, plan.dialect.knexClient)
  const client = clientForEach(Dialect, (config) => clientOf(new ServerEngine(packages, plan, config).knex))
  return { ok: true, config: { ...plainConfig(plan), client } }
}

interface Refused {
  readonly ok: false
  readonly problem: Problem
}

function planAll(
  target: ServerTarget,
  options: ServerEngineOptions,
): { readonly ok: true; readonly packages: Packages; readonly plan: ServerPlan } | Refused {
  const { driver: name, kind } = serverDialects[target.dialect]
  const driver = loadDriver(name, `The ${kind.name} database`, options.drivers)
  if (!driver.ok) return driver
  const knex = loadDriver('knex', `The ${kind.name} database`, options.drivers)
  if (!knex.ok) return knex
  const planned = planServer(target, options)
  if ('problem' in planned) return { ok: false, problem: planned.problem }
  const packages = { makeKnex: knex.module as KnexModule, driver: driver.module }
  return { ok: true, packages, plan: planned }
}
