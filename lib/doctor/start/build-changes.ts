import type { StageState } from '../dockerfile/stage-state.ts'

/** Whether the build changes files that a pattern names. */
export function changes({ steps }: StageState, pattern: RegExp): boolean {
  const edits = /\b(?:sed|tee|echo|cat|printf|envsubst|rm|mv|cp|ln)\b/
  return steps.some(({ instruction: { keyword, text, hasHeredoc } }) => {
    const parts = hasHeredoc ? [text] : text.split(/&&|;\s|\n/)
    const isWritten = hasHeredoc && keyword !== 'RUN' && pattern.test(text)
    return isWritten || (keyword === 'RUN' && parts.some((part) => edits.test(part) && pattern.test(part)))
  })
}
