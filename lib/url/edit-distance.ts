/** How many letters must be inserted, removed, replaced, or swapped with the next, to make one word of the other. */
export function editDistance(from: string, to: string): number {
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const change = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swap = isSwap ? before[column - 2]! + 1 : Infinity
      line.push(Math.min(change, previous[column]! + 1, line[column - 1]! + 1, swap))
    }
    before = previous
    previous = line
  }
  return previous[to.length]!
}

/** How many letters of one word the other does not have: the distance is no smaller, and takes longer to find. */
function lacking(from: string, to: string): number {
  let count = 0
  for (const letter of from) if (!to.includes(letter)) count++
  return count
}

/** The nearest of some words, the first of several, where it is no further away than so many letters. */
export function nearest<Word extends string>(
  text: string,
  words: readonly Word[],
  most: number,
): Word | undefined {
  const [best] = words
    .filter((word) => Math.abs(word.length - text.length) <= most && lacking(text, word) <= most)
    .map((word) => ({ word, letters: editDistance(text, word) }))
    .toSorted((a, b) => a.letters - b.letters)
  return best && best.letters <= most ? best.word : undefined
}
