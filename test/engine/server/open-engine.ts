import { setTimeout as sleep } from 'node:timers/promises'
import { validateUrl, type DatabaseTarget } from 'failsoft'
import type { Knex } from 'knex'
import { createEngine, type Engine, type EngineOptions } from 'failsoft/knex'
import { clientOf, type KnexPool } from '#lib/engine/knex-client.js'

interface Owner {
  teardown(end: () => unknown): void
}

/** The target of a URL that must be good. */
export function targetOf(url: string): DatabaseTarget {
  const read = validateUrl(url)
  if (!read.valid) throw new Error(read.problems[0].message)
  return read.target
}

/** Makes an engine that is closed after the test. */
export function openEngine(t: Owner, url: string, options?: EngineOptions): Engine {
  const made = createEngine(targetOf(url), options)
  if (!made.ok) throw new Error(made.problem.message)
  t.teardown(() => made.engine.close())
  return made.engine
}

/** The URL with another user, host, port or parameters. */
export function change(
  url: string,
  to: { user?: string; password?: string; host?: string; port?: number; database?: string; query?: string },
): string {
  const parts = new URL(url)
  if (to.user !== undefined) parts.username = to.user
  if (to.password !== undefined) parts.password = to.password
  if (to.host !== undefined) parts.hostname = to.host
  if (to.port !== undefined) parts.port = String(to.port)
  if (to.database !== undefined) parts.pathname = to.database
  if (to.query !== undefined) parts.search = to.query
  return parts.href
}

/** The first row of an answer, whatever the driver puts around it. */
export async function firstRow(knex: Knex, sql: string): Promise<Record<string, unknown>> {
  const answer = (await knex.raw(sql)) as { rows: Record<string, unknown>[] } | [Record<string, unknown>[]]
  return ('rows' in answer ? answer.rows : answer[0])[0] ?? {}
}

/** The pool behind an engine. */
export function poolOf({ knex }: Engine): KnexPool {
  return clientOf(knex).pool as KnexPool
}

/** Waits until the news has arrived that no connection at rest is alive. */
export async function untilDead(engine: Engine): Promise<void> {
  const { free } = poolOf(engine) as unknown as { free: { resource: { __knex__disposed?: unknown } }[] }
  while (!free.every(({ resource }) => resource.__knex__disposed)) await sleep(5)
}
