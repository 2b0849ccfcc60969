import { inspect } from 'node:util'
import type { Test } from 'tap'

/** The password of every URL in these tests. */
export const canary = 'canary-p4ss'

/** Checks that an error shows no password, wherever one may look. */
export function showsNoSecret(t: Test, error: unknown, name: string): void {
  const { stack, message, cause } = error as Error
  const texts = [stack, message, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })]
  const inner = cause ? [JSON.stringify(cause), inspect(cause, { depth: 9, showHidden: true })] : []
  t.notMatch([...texts, ...inner].join('\n'), /canary/, `${name} shows no secret`)
}
