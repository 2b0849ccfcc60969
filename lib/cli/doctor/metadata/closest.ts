import { editDistance } from '../../../url/edit-distance.ts'

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
