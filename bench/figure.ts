import { median } from './median.ts'

/** What a figure has to be: `most` or `least` this much. */
export interface Target {
  readonly most?: number
  readonly least?: number
}

/** One line of the report. */
export interface Figure {
  readonly name: string
  /** The median of ours, and of the peer where there is one, in `unit`. */
  readonly ours: number
  readonly peer?: number
  readonly unit: string
  /** The median of ours divided by the peer's, round by round. */
  readonly ratio?: number
  /** For the ratio where there is one, else for ours. */
  readonly target?: Target
  readonly met?: boolean
  /** Why there is no figure. */
  readonly skipped?: string
}

/** The measurements of one subject, one a round. */
export type Rounds = readonly number[]

/** Compares two subjects that were measured in turns: what slows the machine for a while slows both. */
export function compared(
  name: string,
  unit: string,
  [ours, peer]: readonly [Rounds, Rounds],
  target?: Target,
): Figure {
  const ratio = median(ours.map((value, round) => value / (peer[round] ?? Number.NaN)))
  return { name, unit, ours: median(ours), peer: median(peer), ratio, ...judged(ratio, target) }
}

/** A figure that stands for itself. */
export function alone(name: string, unit: string, values: Rounds, target?: Target): Figure {
  const ours = median(values)
  return { name, unit, ours, ...judged(ours, target) }
}

/** A figure that cannot be taken on this machine. */
export function skipped(name: string, why: string): Figure {
  return { name, unit: '', ours: Number.NaN, skipped: why }
}

function judged(value: number, target: Target | undefined): Pick<Figure, 'target' | 'met'> {
  if (!target) return {}
  const { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = target
  return { target, met: value <= most && value >= least }
}
