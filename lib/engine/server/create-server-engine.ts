import type { ServerTarget } from '../../url/target.ts'
import type { KnexModule } from '../knex-client.ts'
import { loadDriver } from '../load-driver.ts'
import type { ManagedEngineResult } from '../managed-engine.ts'
import { planServer, type ServerEngineOptions } from './plan-server.ts'
import { serverDialects } from './server-dialects.ts'
import { ServerEngine } from './server-engine.ts'

/** Makes an engine of a server's address. No connection is made before it is used. */
export function createServerEngine(target: ServerTarget, options: ServerEngineOptions): ManagedEngineResult {
  const { driver, kind } = serverDialects[target.dialect]
  for (const each of [driver, 'knex']) {
    const loaded = loadDriver(each, `The ${kind.name} database`)
    if (!loaded.ok) return loaded
  }
  const plan = planServer(target, options)
  if ('problem' in plan) return { ok: false, problem: plan.problem }
  const knex = loadDriver('knex') as { module: KnexModule }
  return { ok: true, engine: new ServerEngine(knex.module, plan) }
}
