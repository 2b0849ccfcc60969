import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Knex } from 'knex'
import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'
import { awakeNow } from '../../awake.js'

const loops = 32

/** What one loop did: how often, how long at most, and how it failed. */
interface Tally {
  count: number
  longestMs: number
  errors: unknown[]
}

async function repeat(until: number, work: () => PromiseLike<unknown>): Promise<Tally> {
  const tally: Tally = { count: 0, longestMs: 0, errors: [] }
  while (performance.now() < until) {
    const started = awakeNow()
    try {
      await work()
      tally.count++
    } catch (error) {
      tally.errors.push(error)
    }
    tally.longestMs = Math.max(tally.longestMs, awakeNow() - started)
  }
  return tally
}

function write(knex: Knex, writer: number, acknowledged: Set<string>): () => Promise<void> {
  let turn = 0
  return async () => {
    const id = `${writer}-${turn++}`
    await knex.transaction(async (trx) => {
      await trx('rows').where({ writer }).orderBy('id').limit(1)
      await trx('rows').insert({ id, writer, text: 'x'.repeat(100) })
    })
    acknowledged.add(id)
  }
}

function summary(name: string, tallies: readonly Tally[], seconds: number): string {
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  const fewest = Math.min(...tallies.map(({ count }) => count))
  const longest = Math.max(...tallies.map(({ longestMs }) => longestMs))
  return `${(total / seconds).toFixed(0)} ${name}/s, fewest of a loop ${fewest}, longest ${longest.toFixed(0)} ms`
}

/** Loads each driver for so long, with as many writers as readers, and looks at what came of it. */
export function loadDrivers(seconds: number): void {
  for (const { name: driver, skip } of sqliteDrivers) {
    void t.test(
      `${loops} writers and ${loops} readers for ${seconds} s on ${driver}`,
      { skip },
      async (t) => {
        const knex = open(t, { driver })
        await knex.schema.createTable('rows', (table) => {
          table.string('id').primary()
          table.integer('writer').index()
          table.string('text')
        })
        const acknowledged = new Set<string>()
        const delay = monitorEventLoopDelay({ resolution: 1 })
        delay.enable()
        const until = performance.now() + seconds * 1000
        const each = Array.from({ length: loops }, (_, i) => i)
        const [writers, readers] = await Promise.all([
          Promise.all(each.map((i) => repeat(until, write(knex, i, acknowledged)))),
          Promise.all(each.map((i) => repeat(until, () => knex('rows').where({ writer: i }).limit(20)))),
        ])
        delay.disable()
        const [longest, p99] = [delay.max / 1e6, delay.percentile(99) / 1e6]
        t.comment(summary('writes', writers, seconds))
        t.comment(summary('reads', readers, seconds))
        t.comment(`longest delay of the event loop ${longest.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)

        t.same(
          [...writers, ...readers].flatMap(({ errors }) => errors),
          [],
          'nothing failed, SQLITE_BUSY least of all',
        )
        const found = new Set<string>(await knex('rows').pluck('id'))
        t.same(found, acknowledged, 'what was acknowledged is there, and nothing else')
        for (const loops of [writers, readers]) {
          const fair = loops.reduce((sum, { count }) => sum + count, 0) / loops.length
          t.ok(
            loops.every(({ count }) => count > fair / 5),
            'every loop got on',
          )
        }
        t.ok(Math.max(...writers.map(({ longestMs }) => longestMs)) < 2000, 'no write waited long')
        // On a busy machine the test itself has to wait; a freeze would last for as long as one waits for a lock.
        t.ok(longest < 1000, 'the event loop was never frozen')
      },
    )
  }
}
