import { nearest } from '../url/edit-distance.ts'

/** Finds the name that was probably meant: one edit for up to five letters, else one for each three. */
export function closest(text: string, names: readonly string[]): string | undefined {
  const wanted = normalize(text)
  const found = nearest(wanted, names.map(normalize), Math.max(1, Math.floor(wanted.length / 3)))
  return found === undefined ? undefined : names.find((name) => normalize(name) === found)
}

function normalize(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '')
}
