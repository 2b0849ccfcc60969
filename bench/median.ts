/** The middle of the values, by size. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value below which this many percent of the values are. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}
