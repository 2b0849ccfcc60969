import { posix } from 'node:path'
import type { StageState } from '../dockerfile/stage-state.ts'
import type { Container, ContainerFiles, Process } from './listening.ts'
import { filesBelow } from './copied-files.ts'

/** Whether a command changes files. Each part looks once along the line, however long it is. */
function edits(command: string): boolean {
  const inPlace = from(command, /\b(?:sed|perl)\b/)
  const writer = from(command, /\b(?:sed|echo|cat|printf|envsubst|awk|perl)\b/)
  return (
    /\b(?:tee|rm|mv|cp|ln|gomplate|dockerize)\b|\bopen\(/.test(command) ||
    /\s--?\w*i/.test(inPlace) ||
    writer.includes('>')
  )
}

/** Whether it only ends lines in another way. */
function endsLines(command: string): boolean {
  const isSed = command.split(/[|>]/).some((part) => from(part, /\bsed\b/).includes(String.raw`\r`))
  return isSed || /\bdos2unix\b/.test(command)
}

function from(text: string, start: RegExp): string {
  const index = text.search(start)
  return index === -1 ? '' : text.slice(index)
}

/** Whether the build or the start changes files that a pattern names. */
export function changes(
  { image, startTexts }: Pick<Container, 'image' | 'startTexts'>,
  pattern: RegExp,
): boolean {
  return buildChanges(image, pattern) || startTexts.some((text) => edited(text, pattern))
}

/** Whether the build changes files that a pattern names. */
export function buildChanges({ steps }: Pick<StageState, 'steps'>, pattern: RegExp): boolean {
  return steps.some(({ instruction: { keyword, text, hasHeredoc } }) => {
    if (keyword !== 'RUN') return hasHeredoc && pattern.test(text)
    return hasHeredoc ? pattern.test(text) && edits(text) : edited(text, pattern)
  })
}

/** Finds the name of a file in a command. */
export function namePattern(path: string): RegExp {
  return new RegExp(`(?<!\\w)${posix.basename(path).replaceAll(/[^\w-]/g, '.')}`)
}

/** Whether one command both edits and names the file, or the variable that holds its path. */
function edited(text: string, pattern: RegExp): boolean {
  if (!pattern.test(text)) return false
  const names = [...text.matchAll(/(?<!\w)(\w+)=(\S+)/g)].flatMap(([, name, value]) =>
    pattern.test(value!) ? [name!] : [],
  )
  const meant = new RegExp([pattern.source, ...names.map((name) => String.raw`\$\{?${name}\b`)].join('|'))
  const commands = text.replaceAll(/\\\r?\n/g, ' ').split(/&&|;\s|\n/)
  return commands.some((each) => meant.test(each) && edits(each) && !endsLines(each))
}

/** What the start runs before the server: its own command, the scripts that it follows, those that the image of nginx runs. */
export function textsOfStart(
  image: StageState,
  processes: readonly Process[],
  files: ContainerFiles,
): readonly string[] {
  const forms = [image.entrypoint, image.cmd].map((form) =>
    form?.kind === 'list' ? form.words.join(' ') : (form?.text ?? ''),
  )
  const scripts = new Set(processes.map(({ place }) => place.file))
  scripts.delete('Dockerfile')
  const brought = filesBelow('/docker-entrypoint.d', { ...files, image })
  return [
    ...forms,
    ...[...scripts].map((file) => files.folder.text(file)),
    ...(brought === 'unknown' ? [] : brought.map(({ text }) => text)),
  ]
}
