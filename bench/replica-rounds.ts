import { parseArgs } from 'node:util'
import type { SqliteDriver } from 'failsoft'
import { Rounds, type Moment } from '#test/field/replica/rounds.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '50' }, kept: { type: 'boolean' } },
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
let isWrong = false
for (const driver of positionals.length > 0 ? positionals : ['better-sqlite3', 'sqlite3']) {
  const rounds = new Rounds(driver as SqliteDriver)
  const windows: number[] = []
  for (let count = 0; count < Number(values.rounds); count++) {
    const moment = moments[count % moments.length] as Moment
    const more = moment === 'checkpoint' ? { perSecond: 3000, bytes: 4000 } : {}
    const round = await rounds.round(moment, { isWiped: !values.kept, more })
    windows.push(round.windowMs)
    isWrong ||= round.wrong.length > 0
    process.stdout.write(`${driver} ${count + 1} ${JSON.stringify(round)}\n`)
  }
  process.stdout.write(`${driver}: the longest loss window was ${Math.max(...windows)} ms\n`)
  if (!isWrong) rounds.remove()
}
process.exitCode = isWrong ? 1 : 0
