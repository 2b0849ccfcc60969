import type { Kind } from './dialects/kind.ts'
import { kinds } from './kinds.ts'

const scheme = /^["'`“‘]?(?:jdbc:)?([A-Za-z][A-Za-z0-9-]{0,30})(?:\+[\w+-]{1,30})?:/i

/** What the scheme stands for that a text begins with, where it is known. */
export function leadingKind(text: string): Kind | undefined {
  return kinds.get(scheme.exec(text.slice(0, 120))?.[1]?.toLowerCase() ?? '')
}

/** Whether a text begins with a scheme that is known. */
export function beginsWithUrl(text: string): boolean {
  return leadingKind(text) !== undefined
}
