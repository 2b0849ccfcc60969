import { posix } from 'node:path'
import { splitWords } from './dockerfile/split-words.ts'
import type { Place } from './finding.ts'
import type { Project } from './project.ts'

/** The program that the image starts, as far as it can be followed. */
export interface StartedProgram {
  /** The words of the command, and those of the npm script that it runs. */
  readonly words: readonly string[]
  /** Where the last of these commands stands. */
  readonly place: Place
  /** The source of the program, where it is in the folder. */
  readonly source: { readonly path: string; readonly text: string } | undefined
}

/**
 * Follows the command of the image to the script of package.json and to the source that it runs.
 *
 * @param project - the folder.
 */
export function findStartedProgram({ image, packageFile, read }: Project): StartedProgram | undefined {
  if (!image?.command) return undefined
  const { words, line } = image.command
  const name = scriptName(words)
  const script = name === undefined ? undefined : packageFile?.content?.scripts?.[name]
  const all = script === undefined ? [...words] : [...words, ...splitWords(script)]
  const place =
    script === undefined
      ? { file: 'Dockerfile', line }
      : { file: 'package.json', line: packageFile!.lineOf(name!) }
  return { words: all, place, source: findSource(all, image.workingDirectory, read) }
}

function scriptName(words: readonly string[]): string | undefined {
  const index = words.findIndex((word) => ['npm', 'pnpm', 'yarn'].includes(word))
  if (index === -1) return undefined
  const [first = 'start', second] = words.slice(index + 1).filter((word) => !word.startsWith('-'))
  return first === 'run' ? second : first
}

function findSource(
  words: readonly string[],
  directory: string,
  read: Project['read'],
): StartedProgram['source'] {
  for (const word of words.filter((each) => /\.(?:[cm]?[jt]s|py)$/.test(each))) {
    const path = posix.isAbsolute(word) ? posix.relative(directory, word) : posix.normalize(word)
    const text = path.startsWith('..') ? undefined : read(path)
    if (text !== undefined) return { path, text }
  }
  return undefined
}

/** The line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
