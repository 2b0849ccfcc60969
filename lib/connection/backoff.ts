/**
 * The wait before an attempt: it doubles up to a cap, and half of it is left to chance, so that many processes
 * do not come back at the same moment.
 *
 * @param attempt - 1 for the first wait.
 */
export function backoffMs(attempt: number, firstMs: number, capMs: number): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 20))
  return full / 2 + (Math.random() * full) / 2
}
