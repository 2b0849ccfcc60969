import { nearest } from '../url/edit-distance.ts'

const file = '_FILE'

/**
 * The `_FILE` twin that a name was meant to be: of a right name with a misspelled ending, as in `DATABASE_URL_FLIE`, or of a misspelled
 * name with the right one.
 *
 * @param wanted - the names whose twins are searched.
 * @param isMisspelled - whether a name was meant to be one of those.
 */
export function findMeantTwin(
  name: string,
  wanted: readonly string[],
  isMisspelled: (said: string, right: string) => boolean,
): string | undefined {
  const base = name.endsWith(file) ? name.slice(0, -file.length) : undefined
  const meant = wanted.find((each) =>
    base === undefined ? hasMisspelledEnding(name, each) : isMisspelled(base, each),
  )
  return meant && `${meant}${file}`
}

/** One of several files is no other thing here: `DATABASE_URL_FILES` names one, and would be lost. */
function hasMisspelledEnding(name: string, base: string): boolean {
  const ending = name.startsWith(base) ? name.slice(base.length).replace(/^_/, '') : ''
  return nearest(ending, ['FILE'], 1) !== undefined
}
