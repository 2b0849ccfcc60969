/** A generator of numbers below 1 that repeats itself for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a broken server may say: good messages, cut, stretched, and with noise in them, and messages of every kind. */
export function* noise(
  good: readonly Buffer[],
  kinds: readonly Buffer[],
  random: () => number,
): Generator<Buffer> {
  const below = (limit: number): number => Math.floor(random() * limit)
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => below(256)))
  const pick = (): Buffer => good[below(good.length)] ?? Buffer.alloc(0)
  const shuffled = kinds.map((kind) => ({ kind, rank: random() })).toSorted((a, b) => a.rank - b.rank)
  for (;;) {
    yield* shuffled.splice(0, 5).map(({ kind }) => kind)
    yield bytes(1 + below(40))
    const whole = pick()
    yield whole.subarray(0, below(whole.length))
    const spoiled = Buffer.from(whole)
    for (let count = 1 + below(4); count > 0; count--) spoiled[below(spoiled.length)] = below(256)
    yield spoiled
    yield Buffer.concat([whole.subarray(0, below(whole.length)), bytes(below(20)), pick()])
    yield Buffer.concat([pick(), spoiled, pick()])
  }
}
