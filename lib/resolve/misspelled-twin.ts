import { nearest } from '../url/edit-distance.ts'

/** Whether a name was meant to be that of a `_FILE` twin, and only this ending is misspelled, as in `DATABASE_URL_FLIE`. */
export function isMisspelledTwin(name: string, twin: string): boolean {
  const base = twin.slice(0, -'_FILE'.length)
  const ending = name.startsWith(base) ? name.slice(base.length).replace(/^_/, '') : ''
  return name !== twin && ending !== 'FILES' && nearest(ending, ['FILE'], 1) !== undefined
}
