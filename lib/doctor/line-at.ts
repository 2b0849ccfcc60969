/** The text that was asked about last, and where its lines end: a script is asked about once for each of its commands. */
let last: { readonly text: string; readonly ends: readonly number[] } = { text: '', ends: [] }

/** The line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  if (last.text !== text) last = { text, ends: [...text.matchAll(/\n/g)].map(({ index }) => index) }
  let [from, to] = [0, last.ends.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (last.ends[middle]! < offset) from = middle + 1
    else to = middle
  }
  return from + 1
}
