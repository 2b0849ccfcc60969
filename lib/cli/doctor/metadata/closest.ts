/**
 * Finds the name that was probably meant.
 *
 * @param text - what was written.
 * @param names - what could have been meant.
 * @returns the closest name, or nothing where none is close: one edit for up to four letters, else one for each three.
 */
export function closest(text: string, names: readonly string[]): string | undefined {
  const wanted = normalize(text)
  const [best] = names
    .map((name) => ({ name, distance: editDistance(wanted, normalize(name)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const most = Math.max(1, Math.floor(wanted.length / 3))
  return best && best.distance <= most ? best.name : undefined
}

function normalize(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '')
}

/** The number of letters to insert, remove, replace, or swap with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? before[j - 2]! + 1 : Infinity
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost, swap)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}
