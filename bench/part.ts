import type { Figure } from './figure.ts'

/** How thoroughly to measure. */
export interface Effort {
  /** Enough to see that everything runs; its figures mean little. */
  readonly quick: boolean
}

/** One part of the benchmark. */
export interface Part {
  readonly title: string
  measure(effort: Effort): Promise<readonly Figure[]>
}

/** Measures the subjects in turns; each round begins with another one. */
export async function inTurns(
  rounds: number,
  subjects: readonly (() => number | Promise<number>)[],
): Promise<number[][]> {
  const values: number[][] = subjects.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (round + turn) % subjects.length
      const value = await subjects[index]?.()
      if (value !== undefined) values[index]?.push(value)
    }
  }
  return values
}

/** How long this takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
