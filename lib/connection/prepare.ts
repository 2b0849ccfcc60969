import { openTarget } from '../engine/create-engine.ts'
import { clientOf } from '../engine/knex-client.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { Problem } from '../problem/problem.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { migrationFailed } from './migration-failed.ts'
import { noFindings, type Findings } from './outcome.ts'
import { findPrepareTarget, type PrepareTarget } from './prepare-target.ts'
import type { PrimaryConfig } from './primary-engine.ts'

/** How the preparation of an engine ended. */
export interface Prepared {
  /** What went wrong; absent where nothing did. */
  readonly problem?: Problem
  /** Whether trying again cannot help. */
  readonly isFinal: boolean
  readonly findings: Findings
}

type Address = Extract<PrepareTarget, { over: 'address' }>

const destroyed = 'it destroyed its knex, which is the one that the program uses: leave destroy() out'

/** Runs the program's migrations on an engine that is used after them; says what is wrong where they fail. */
export async function prepare(
  options: Pick<SettledOptions, 'prepare'>,
  engine: ManagedEngine,
): Promise<Problem | undefined> {
  const failure = await run(options, engine)
  if (failure || clientOf(engine.knex).pool) return failure
  return migrationFailed(engine, new Error(destroyed))
}

async function run(
  options: Pick<SettledOptions, 'prepare'>,
  engine: ManagedEngine,
): Promise<Problem | undefined> {
  try {
    await options.prepare?.(engine.knex)
    return undefined
  } catch (error) {
    return migrationFailed(engine, error)
  }
}

/** The same for the configured database: over an address of its own where there is one, in an engine that lives for that alone. */
export async function preparePrimary(
  engine: ManagedEngine,
  config: PrimaryConfig,
  options: SettledOptions,
  engines: Engines,
): Promise<Prepared> {
  const found = findPrepareTarget(config, options)
  const { warnings } = found
  if (found.over === 'nothing')
    return { problem: found.problem, isFinal: true, findings: { trace: [], warnings } }
  if (found.over === 'engine') return over(await prepare(options, engine), { trace: [], warnings })
  return await prepareOver(found, engine, options, engines)
}

async function prepareOver(
  { name, target, isAsked, warnings }: Address,
  engine: ManagedEngine,
  options: SettledOptions,
  engines: Engines,
): Promise<Prepared> {
  const opened = openTarget(target, options, options)
  if (!opened.ok) return { problem: opened.problem, isFinal: true, findings: { trace: [], warnings } }
  engines.add(opened.engine)
  try {
    const answer = await opened.engine.probe()
    if (answer.ok) {
      const trace = [{ subject: name, outcome: 'taken', why: 'the migrations run over it' } as const]
      return over(await run(options, opened.engine), { trace, warnings })
    }
    if (isAsked) return over(answer.problem, { trace: [], warnings })
    // Nobody asked for it: what is in use works too, as long as no lock has to outlive a transaction.
    const trace = [{ subject: name, outcome: 'refused', why: answer.problem.message } as const]
    return over(await prepare(options, engine), { trace, warnings: [...warnings, answer.problem] })
  } finally {
    await engines.close(opened.engine)
  }
}

function over(problem: Problem | undefined, findings: Findings = noFindings): Prepared {
  return { ...(problem && { problem }), isFinal: false, findings }
}
