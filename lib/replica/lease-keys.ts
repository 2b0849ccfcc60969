/** A lease that stood unchanged for so long, in milliseconds, has no holder any more. */
export const leaseTtlMs = 5000

/** The objects by which programs agree on who writes to a replica. A claim is created once and never written again. */
export const leaseKeys = {
  folder: 'lease/',
  /** The claim itself: whoever created it holds the lease, until one with a higher number is there. */
  claim: (number: number): string => `lease/${String(number).padStart(10, '0')}`,
  /** Changes as long as the holder lives. */
  beat: (number: number): string => `${leaseKeys.claim(number)}.beat`,
  /** Changes as long as somebody waits for the lease. */
  request: (number: number): string => `${leaseKeys.claim(number)}.handover`,
  /** There once the holder gave it back. */
  released: (number: number): string => `${leaseKeys.claim(number)}.released`,
} as const

/** The number of a claim, of any of the objects beside it; 0 for a key of another kind. */
export function leaseNumber(key: string): number {
  return Number(/^lease\/(\d+)(?:\.\w+)?$/.exec(key)?.[1] ?? 0)
}

/** The highest number that was claimed; 0 where none was. */
export function highestClaim(keys: readonly string[]): number {
  return Math.max(0, ...keys.filter((key) => /^lease\/\d+$/.test(key)).map(leaseNumber))
}
