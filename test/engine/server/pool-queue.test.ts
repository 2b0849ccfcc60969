import t from 'tap'
import { PoolQueue, Waiting } from '#lib/engine/server/pool-queue.js'

class Told extends Waiting {
  count = 0
  readonly #then: () => void

  constructor(then: () => void = () => {}) {
    super()
    this.#then = then
  }

  override giveUp(): void {
    this.count++
    this.#then()
  }
}

t.test('whoever is given up is told once, also where the one before ends all waits', (t) => {
  const queue = new PoolQueue(60_000)
  const waits = [new Told(() => queue.giveUpAll()), new Told(), new Told()]
  for (const waiting of waits) queue.add(waiting)
  queue.giveUpAll()
  t.same(
    waits.map(({ count }) => count),
    [1, 1, 1],
  )
  t.end()
})

t.test('an end takes out the one that is meant, whatever its place', async (t) => {
  const queue = new PoolQueue(20)
  const waits = Array.from({ length: 5 }, () => new Told())
  for (const waiting of waits) queue.add(waiting)
  for (const index of [1, 4, 0, 0]) queue.end(waits[index]!)
  while (waits[2]!.count + waits[3]!.count < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  t.same(
    waits.map(({ count }) => count),
    [0, 0, 1, 1, 0],
  )
})
