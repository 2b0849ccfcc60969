import type { Knex } from 'knex'
import { classifyError, problemIn } from '../engine/errors/classify-error.ts'
import { describeCause } from '../engine/errors/describe-cause.ts'
import type { Problem } from '../problem/problem.ts'
import { checkRows } from './check.ts'
import { compareRows } from './compare.ts'
import { copyRows } from './copy.ts'
import { ledgerTable } from './ledger.ts'
import { isSound, planCopy } from './plan.ts'
import { mysqlPrimary } from './primaries/mysql.ts'
import { cockroachdbPrimary, postgresPrimary } from './primaries/postgres.ts'
import type { Primary } from './primaries/primary.ts'
import { readTables, sqlitePrimary } from './primaries/sqlite.ts'
import type { Progress, PromoteOptions, PromoteReport } from './report.ts'
import { countRows, fileBytes } from './read-rows.ts'
import { isCollision, isRefusal, Overtaken, Refused, Run } from './run.ts'
import { keepStandIn, markPromoted, readStandIn } from './stand-in.ts'
import { tryRows } from './trial.ts'
import { readVirtualTables } from './virtual-tables.ts'

/** The two databases of a promotion. */
export interface PromoteBetween {
  /** The SQLite file that was written to. */
  readonly standIn: Knex
  /** The database that the rows are for; nothing else uses this knex meanwhile, since settings of its sessions are changed. */
  readonly primary: Knex
  /** What the primary is. */
  readonly dialect: 'postgres' | 'cockroachdb' | 'mysql' | 'sqlite'
  /** The primary, as a problem names it. */
  readonly target: string
  /** More rows than this are not copied at all. Default: no bound. */
  readonly mostRows?: number
  /** Called once all is copied and compared, while nobody can write to the stand-in. */
  readonly whileHeld?: (rows: number) => Promise<void>
  /** So many rows are copied in one transaction; more in several, between which it can go on after a kill. Default: 200,000. */
  readonly mostAtOnce?: number
  /** Called after each chunk. */
  readonly onProgress?: (progress: Progress) => void
}

const mostBytesAtOnce = 512 * 2 ** 20

const primaries: Readonly<Record<PromoteBetween['dialect'], Primary>> = {
  postgres: postgresPrimary,
  cockroachdb: cockroachdbPrimary,
  mysql: mysqlPrimary,
  sqlite: sqlitePrimary,
}

/**
 * Copies what was written to a stand-in into the primary. It never rejects for what the databases hold, and can be run
 * again: what was copied already is not copied twice.
 */
export async function promote(between: PromoteBetween, options: PromoteOptions = {}): Promise<PromoteReport> {
  let run: Run | undefined
  try {
    run = await begin(between, options)
    const { mostRows = Infinity } = between
    const rows = await countOwnRows(run)
    if (rows > mostRows && !options.dryRun) return report(run, false, tooMany(rows, mostRows, between))
    const outcome = await tryAtOnce(run)
    if (outcome === 'done') return report(run, true)
    // What kept it from being copied is named now, one by one.
    run = await begin(between, options)
    const fits = await checkRows(run)
    // In a trial two promotions would end each other, unless the ledger says whose turn it is.
    if (fits && !options.dryRun && !run.work.kind.undoesTables) await run.makeLedger(between.primary)
    // What fits is sound: columns and tables that have no place hold nothing.
    const isTaken =
      !(fits || isSound(run.work.plan)) ||
      (await tryRows(run, outcome === 'refused' || options.dryRun === true))
    if (!fits || !isTaken) {
      if (await run.isOvertaken(between.primary)) throw new Overtaken()
      return report(run, false, doesNotFit(between.target, run.differences.size))
    }
    if (options.dryRun) return report(run, false)
    await run.makeLedger(between.primary)
    if (!(await isSmall(run))) await copyRows(run)
    await copyTheRest(run)
    return report(run, true)
  } catch (error) {
    if (run && (error instanceof Overtaken || (await lostTo(error, run)))) return overtaken(run, between)
    const problem =
      error instanceof Refused ? doesNotFit(between.target, run!.differences.size) : stopped(error, between)
    return report(run, false, problem)
  }
}

/** Whether a statement failed because of another promotion of the file. */
async function lostTo(error: unknown, run: Run): Promise<boolean> {
  return isCollision(error) && (await run.isOvertaken(run.work.primary).catch(() => false))
}

async function begin(
  { standIn, primary, dialect, onProgress, whileHeld, mostAtOnce = 200_000 }: PromoteBetween,
  options: PromoteOptions,
): Promise<Run> {
  const kind = primaries[dialect]
  const record = await (options.dryRun ? readStandIn(standIn) : keepStandIn(standIn))
  const targets = await kind.readTables(primary)
  const run = new Run({
    standIn,
    primary,
    kind,
    record,
    options,
    plan: planCopy(await readTables(standIn), targets),
    mostAtOnce,
    hasLedger: targets.some(({ name }) => name === ledgerTable),
    onProgress: onProgress ?? (() => {}),
    whileHeld,
  })
  for (const table of await readVirtualTables(standIn))
    run.differences.add({ table, key: '', why: 'is a virtual table of SQLite, which is not copied' })
  await run.claim()
  return run
}

/** How many rows there are, but for the seed data. */
async function countOwnRows(run: Run): Promise<number> {
  const { standIn, record, plan } = run.work
  let count = 0
  for (const table of [...run.pairs.map(({ source }) => source), ...plan.missing])
    count += Math.max(0, (await countRows(standIn, table)) - (record.seeds[table.name]?.length ?? 0))
  return count
}

/** Checks, copies and compares in one pass and one transaction, which is taken back where the primary or a check refuses a row. */
async function tryAtOnce(run: Run): Promise<'done' | 'refused' | 'left'> {
  const { options, plan, kind } = run.work
  const leavesNoTrace = run.hasLedger || kind.undoesTables
  if (options.dryRun || !leavesNoTrace || !isSound(plan) || !(await isSmall(run))) return 'left'
  try {
    await copyTheRest(run)
    return 'done'
  } catch (error) {
    if (error instanceof Refused || isRefusal(error)) return 'refused'
    throw error
  }
}

/** More would keep the stand-in from being written for too long, and be lost to a kill at the end. */
async function isSmall({ work: { standIn, mostAtOnce }, pairs }: Run): Promise<boolean> {
  let rows = 0
  for (const { source } of pairs) rows += await countRows(standIn, source)
  return rows <= mostAtOnce && (await fileBytes(standIn)) <= mostBytesAtOnce
}

/** Copies what is left and compares, while nobody writes to the stand-in. */
async function copyTheRest(run: Run): Promise<void> {
  const { standIn, whileHeld } = run.work
  await standIn.transaction(async (held) => {
    const contents = await compareRows(run, held)
    await markPromoted(held, contents)
    await whileHeld?.(run.rows)
  })
}

function report(run: Run | undefined, done: boolean, problem?: Problem): PromoteReport {
  const rows = run?.work.options.dryRun ? run.found : (run?.rows ?? 0)
  return { done, rows, differences: run?.differences.all ?? [], ...(problem && { problem }) }
}

function tooMany(rows: number, most: number, { target }: PromoteBetween): Problem {
  return {
    code: 'fallback-has-data',
    message: `The stand-in holds ${rows} rows: more than ${most} are not copied to ${target} while a program waits.`,
    hint: 'Run `failsoft promote` beside the program: it goes on meanwhile, and takes the database by itself once all is there.',
  }
}

/** The rows stay where they are, since the primary has no place for them; no statement failed. */
function doesNotFit(target: string, count: number): Problem {
  return {
    code: 'fallback-has-data',
    message: `${target} cannot take the rows of the stand-in as they are: ${count} ${count === 1 ? 'thing does' : 'things do'} not fit.`,
    hint: 'Nothing was left half done. Look at the differences, put them right on either side, and promote again.',
  }
}

/** What it found differs only because the other one is at work. */
function overtaken({ rows }: Run, { target }: PromoteBetween): PromoteReport {
  const problem: Problem = {
    code: 'fallback-has-data',
    message: `Another promotion of the same file into ${target} began after this one, and goes on in its place.`,
    hint: 'Nothing is copied twice. Wait until it is over, and promote again if it was not done.',
  }
  return { done: false, rows, differences: [], problem }
}

function stopped(error: unknown, { target }: PromoteBetween): Problem {
  const found = classifyError(error)
  if (found.kind === 'connection' || found.kind === 'configuration') return problemIn(found)
  const cause = describeCause(error)
  return {
    code: 'query-failed',
    message: `${target} or the stand-in refused a statement of the promotion: ${cause.message}`,
    hint: 'Promote again once the cause is gone: what was copied already is not copied twice.',
    cause,
  }
}
