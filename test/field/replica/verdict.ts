import type { Restored } from './said.ts'
import type { WriterProcess } from './writer-process.ts'

/** What a restart has shown. */
export interface Verdict {
  readonly acknowledged: number
  readonly lost: number
  /** How long before the end the oldest row that was lost was acknowledged, in milliseconds. */
  readonly windowMs: number
  /** What must never be; empty where all is as promised. */
  readonly wrong: readonly string[]
}

/**
 * Compares what a writer has acknowledged with what came back.
 *
 * @param before - the last row that had to be there when the writer began.
 * @param endedAt - until when rows could be copied, in epoch milliseconds.
 */
export function judge(
  writer: Pick<WriterProcess, 'acknowledged' | 'copy'>,
  restored: Restored | undefined,
  before: number,
  endedAt: number,
): Verdict {
  const { acknowledged, copy } = writer
  const last = restored?.last ?? 0
  const lost = acknowledged.filter(({ row }) => row > last)
  const wrong = [
    ...(restored ? malformations(restored) : ['it did not come back']),
    ...(last < before ? [`it came back with ${last} rows of the ${before} that it had before`] : []),
    ...(lost.some(({ at }) => at < (copy?.shippedAt ?? 0)) ? ['what was said to be copied was lost'] : []),
  ]
  const windowMs = lost.length > 0 ? endedAt - lost[0]!.at : 0
  return { acknowledged: acknowledged.length, lost: lost.length, windowMs, wrong }
}

function malformations({ count, last, integrity, migrations }: Restored): string[] {
  return [
    ...(count === last ? [] : [`of ${last} rows ${count} are there`]),
    ...(integrity === 'ok' ? [] : [integrity]),
    ...(migrations === 1 ? [] : [`${migrations} migrations`]),
  ]
}
