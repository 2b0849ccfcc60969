import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import { knexConfig } from 'failsoft/knex'
import { clientOf, type KnexClient, type KnexPool } from '#lib/engine/knex-client.js'
import { targetOf } from '../engine/server/open-engine.js'
import { openPlaces, type Place } from './drop-in-places.js'

/** tarn's own class, as far as it is used here. */
interface ListenedPool extends KnexPool {
  on(event: string, listener: (...args: unknown[]) => void): void
}

const events = ['acquireRequest', 'acquireSuccess', 'release']

/** A transaction: on a file all of them go through the pool of the knex, where the reads of this library have another one. */
async function ask(knex: Knex): Promise<unknown> {
  return await knex.transaction((trx) => trx.select(trx.raw('1 as one')))
}

for (const place of await openPlaces(t)) {
  const { name } = place

  void t.test(`${name}: what listeners of the pool hear`, async (t) => {
    const hear = async (knex: Knex): Promise<unknown> => {
      const pool = clientOf(knex).pool as ListenedPool
      await ask(knex)
      const told: unknown[] = []
      for (const event of events)
        pool.on(event, (...args) => told.push([event, typeof args[0], args.length, pool.numUsed()]))
      await ask(knex)
      return told
    }
    await sameOn(t, place, hear)
  })

  void t.test(`${name}: a pool that was made anew looks at its connections as it is told`, async (t) => {
    await sameOn(t, place, async (knex) => {
      await knex.destroy()
      let asked = 0
      knex.initialize({ ...clientOf(knex).config, pool: { min: 0, max: 1, validate: () => ++asked > 0 } })
      for (let times = 0; times < 3; times++) await ask(knex)
      return asked
    })
  })

  void t.test(`${name}: a stream gives its connection back once`, async (t) => {
    const knex = makeKnex(knexConfig(targetOf(place.url), place.options))
    t.teardown(() => knex.destroy())
    const client = clientOf(knex) as KnexClient & { readerPool?: KnexPool }
    const count = { taken: 0, given: 0 }
    for (const pool of new Set([client.pool, client.readerPool ?? client.pool]) as Set<ListenedPool>) {
      pool.on('acquireSuccess', () => count.taken++)
      pool.on('release', () => count.given++)
    }
    const two = 'select 1 as one union all select 2'
    await readRows(knex.raw(two).stream(), 3)
    await readRows(knex.raw(two).stream(), 1)
    await readRows(knex.raw('select nothing').stream(), 1)
    await sleep(settledMs)
    t.strictSame(count, { taken: 3, given: 3 })

    // pg streams with a package that is not here.
    if (place.kind === 'pg') return
    const held = await client.acquireConnection()
    await readRows(knex.raw(two).connection(held).stream(), 3)
    await sleep(settledMs)
    t.strictSame(count, { taken: 4, given: 3 }, 'and leaves one that the program chose to the program')
    await client.releaseConnection(held)
  })

  void t.test(`${name}: a stream that was destroyed keeps no connection`, async (t) => {
    const pool = { ...place.options.pool, acquireTimeoutMs: 5000 }
    const knex = makeKnex(knexConfig(targetOf(place.url), { ...place.options, pool }))
    t.teardown(() => knex.destroy())
    const one = (): Knex.Raw => knex.raw('select 1 as one')
    for (let count = 0; count < 20; count++) one().stream().destroy()
    await one().stream((stream: Readable) => stream.destroy())
    await t.resolves(Promise.resolve(one()), 'before it had one')

    if (place.kind === 'pg') return
    for (let count = 0; count < 20; count++)
      await one().stream((stream: Readable) => stream.once('data', () => stream.destroy()))
    await t.resolves(Promise.resolve(one()), 'while it is read')
  })
}

/** By then a stream has done all that it does after its end. */
const settledMs = 50

/** Reads so many rows at most. */
async function readRows(stream: AsyncIterable<unknown>, most: number): Promise<void> {
  let rows = 0
  try {
    for await (const _ of stream) if (++rows === most) break
  } catch {
    // What fails is seen by what is given back.
  }
}

/** What becomes of the work is the same on a plain knex and on one of this library. */
async function sameOn(
  t: { strictSame(got: unknown, want: unknown): unknown; teardown(end: () => unknown): void },
  { config, url, options }: Place,
  work: (knex: Knex) => Promise<unknown>,
): Promise<void> {
  const [plain, ofConfig] = [makeKnex(config), makeKnex(knexConfig(targetOf(url), options))]
  for (const knex of [plain, ofConfig]) t.teardown(() => knex.destroy())
  const want = await work(plain)
  t.strictSame(await work(ofConfig), want)
}
