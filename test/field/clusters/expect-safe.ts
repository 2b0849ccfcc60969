import type { Test } from 'tap'
import type { ScenarioFigures } from './scenario.js'

/** What may happen to a write while its server fails: each is known, and none is an accident of the client. */
const expected = [
  'connection-lost',
  'connection-refused',
  'no-suitable-host',
  'server-shutting-down',
  'server-starting',
  'read-only',
]

/** What holds in every scenario: nothing acknowledged is lost, nothing is there twice, and writes go on within a second. */
export function expectSafe(t: Test, figures: ScenarioFigures, also: readonly string[] = []): void {
  const { name, acknowledged, found, errors, recoveryMs, changes, generations, longestRefusalMs } = figures
  t.comment(name, { recoveryMs, errors, longestWaitMs: figures.longestWaitMs, longestRefusalMs })
  const kept = new Set(found)
  const lost = acknowledged.filter((each) => !kept.has(each))
  t.same(lost, [], `${name}: all of ${acknowledged.length} acknowledged writes are there`)
  t.equal(found.length, kept.size, `${name}: none twice`)
  t.ok(recoveryMs < 1000, `${name}: writes go on after ${Math.round(recoveryMs)} ms`)
  const accidents = Object.keys(errors).filter((code) => !expected.includes(code) && !also.includes(code))
  t.same(accidents, [], `${name}: errors say what happened`)
  t.ok(longestRefusalMs < 50, `${name}: refused within ${longestRefusalMs.toFixed(1)} ms`)
  t.equal(changes.at(0)?.to, 'reconnecting', `${name}: the outage is told`)
  t.equal(changes.at(-1)?.to, 'connected', `${name}: so is its end`)
  t.equal(generations, figures.moves, `${name}: one generation for each host`)
}
