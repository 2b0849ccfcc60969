import { parseArgs } from 'node:util'
import type { SqliteDriver } from 'failsoft'
import { KilledDatabase, kills } from '#test/field/replica/kills.js'
import { Rounds, type Moment } from '#test/field/replica/rounds.js'
import { troubledRound, type Ending } from '#test/field/replica/troubled-round.js'
import { troubles } from '#test/field/replica/troubles.js'
import type { Verdict } from '#test/field/replica/verdict.js'
import { BucketProxy } from '#test/servers/bucket-proxy.js'
import { startCeph } from '#test/servers/ceph.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '50' },
    kept: { type: 'boolean' },
    /** What is done: `rounds`, `troubles`, `kills`; all of it, unless some are named. */
    only: { type: 'string', multiple: true, default: ['rounds', 'troubles', 'kills'] },
  },
})
const moments: readonly Moment[] = [
  'anytime',
  'segment',
  'anytime',
  'checkpoint',
  'anytime',
  'restore',
  'base',
  'end',
]

/** Says what came of each kill, and keeps the longest loss window. */
class Report {
  readonly #driver: string
  #windows: number[] = []
  isWrong = false

  constructor(driver: string) {
    this.#driver = driver
  }

  add(name: string, verdict: Verdict): void {
    this.#windows.push(verdict.windowMs)
    this.isWrong ||= verdict.wrong.length > 0
    process.stdout.write(`${this.#driver} ${name} ${JSON.stringify(verdict)}\n`)
  }

  end(what: string): void {
    const longest = Math.max(0, ...this.#windows)
    process.stdout.write(
      `${this.#driver}: ${this.#windows.length} ${what}, the longest loss window was ${longest} ms\n`,
    )
    this.#windows = []
  }
}

async function doRounds(driver: SqliteDriver, report: Report): Promise<void> {
  const rounds = new Rounds(driver)
  for (let count = 0; count < Number(values.rounds); count++) {
    const moment = moments[count % moments.length] as Moment
    const more = moment === 'checkpoint' ? { perSecond: 3000, bytes: 4000 } : {}
    report.add(`${count + 1}`, await rounds.round(moment, { isWiped: !values.kept, more }))
  }
  if (!report.isWrong) rounds.remove()
  report.end('rounds')
}

async function doTroubles(driver: SqliteDriver, report: Report): Promise<void> {
  for (const trouble of troubles.filter(({ skip }) => !skip)) {
    for (const ending of ['within', 'after'] satisfies Ending[]) {
      report.add(`${trouble.name}, ${ending}`, await troubledRound(trouble, driver, ending))
    }
  }
  report.end('troubles')
}

/** On a real server that keeps objects. */
async function doKills(driver: SqliteDriver, report: Report): Promise<void> {
  const ceph = await startCeph()
  if ('skip' in ceph) return void process.stdout.write(`no kills: ${ceph.skip}\n`)
  const proxy = await new BucketProxy(ceph.endpoint).start()
  try {
    await ceph.createBucket('bucket')
    const database = new KilledDatabase(proxy, driver.replace(':', '-'))
    for (const kill of kills) {
      const { isMet, ...verdict } = await database.kill(kill, driver)
      report.add(`${kill.name}${isMet ? '' : ' (not met)'}`, verdict)
    }
    database.remove()
  } finally {
    await proxy.stop()
    ceph.remove()
  }
  report.end('kills')
}

const parts: Readonly<Record<string, typeof doRounds>> = {
  rounds: doRounds,
  troubles: doTroubles,
  kills: doKills,
}
for (const driver of positionals.length > 0 ? positionals : ['better-sqlite3', 'sqlite3']) {
  const report = new Report(driver)
  for (const part of values.only) await parts[part]?.(driver as SqliteDriver, report)
  if (report.isWrong) process.exitCode = 1
}
