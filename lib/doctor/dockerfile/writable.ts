import { posix } from 'node:path'
import { matchSource, type BuildContext } from './files.ts'
import type { Copy, StageState, Step } from './stage-state.ts'

const forAll = ['/tmp', '/var/tmp', '/dev/shm', '/run/shm']

/** Whether a path is a folder, or lies below it. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

/**
 * Whether the user of the image may write a folder, or make it.
 *
 * @returns nothing where it cannot be known.
 */
export function isWritable(folder: string, image: StageState, context: BuildContext): boolean | undefined {
  const { user, base, homes, users } = image
  if (user === undefined || !base) return undefined
  const id = /^\d+$/.test(user) ? Number(user) : users.get(user)
  if (id === 0) return true
  if (id === undefined || forAll.some((each) => isUnder(folder, each)))
    return id === undefined ? undefined : true
  // Root may have made a folder below it.
  if (base.openFolder && isUnder(folder, base.openFolder)) return undefined
  const home =
    homes.get(user) ?? [...users].filter(([, each]) => each === id).map(([name]) => homes.get(name))[0]
  if (home && isUnder(folder, home)) return rootOwned(folder, home, image) ? undefined : true
  const given = image.steps.flatMap((step) => givenBy(step, image, context))
  if (given.includes(undefined)) return undefined
  return given.some(
    (each) => isUnder(folder, each!) || (each!.endsWith('/') && isUnder(folder, each!.slice(0, -1))),
  )
}

/** Root may have made a folder of the home before it was given to anybody. */
function rootOwned(folder: string, home: string, { steps }: StageState): boolean {
  return steps.some(
    ({ instruction, workingDirectory, user }) =>
      instruction.keyword === 'RUN' &&
      user === 'root' &&
      workingDirectory !== undefined &&
      folder !== home &&
      instruction.text.includes(folder),
  )
}

/** The folders that a step gives to somebody else than root; nothing for what cannot be read. */
function givenBy(step: Step, image: StageState, context: BuildContext): (string | undefined)[] {
  const { instruction, workingDirectory, user, commands } = step
  const { keyword, text } = instruction
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined || (workingDirectory === undefined && !path.startsWith('/'))
      ? undefined
      : posix.resolve(workingDirectory ?? '/', path)
  const isRoot = user === 'root' || user === '0'
  if (keyword === 'WORKDIR') return isRoot ? [] : [absolute(text.includes('$') ? undefined : text)]
  if (keyword === 'VOLUME') return []
  if (keyword === 'COPY' || keyword === 'ADD') {
    const copy = image.copies.find((each) => each.instruction === instruction)
    return copy && isGiven(copy) && !isOfFiles(copy, step, context) ? [copy.destination] : []
  }
  if (keyword !== 'RUN') return []
  if (!commands) return [undefined]
  return commands.flatMap(({ words, workingDirectory: folder }) => {
    const paths = pathsGiven(words, isRoot)
    return paths.map((path) =>
      path === undefined || /[*?]/.test(path)
        ? path?.startsWith('/')
          ? posix.dirname(path)
          : undefined
        : path.startsWith('/')
          ? posix.resolve(path)
          : folder === undefined
            ? undefined
            : posix.resolve(folder, path),
    )
  })
}

function isGiven({ instruction: { flags } }: Copy): boolean {
  const { chown = '', chmod = '' } = flags
  const isToOther = chown !== '' && !/^(?:root|0)(?::|$)/.test(chown)
  return isToOther || /^(?:0?[0-7]{2}[2367]|.*[ao]\+\w*w)/.test(chmod)
}

/** Single files come into a folder that is there already: it stays with its owner. */
function isOfFiles(
  { sources, destination, from, instruction }: Copy,
  step: Step,
  context: BuildContext,
): boolean {
  if (destination === undefined || from !== undefined || instruction.hasHeredoc) return false
  const folder = destination.endsWith('/') ? destination : posix.dirname(destination)
  const { workingDirectory } = step
  if (workingDirectory === undefined || !isUnder(workingDirectory, posix.resolve(folder))) return false
  const found = sources.map((source) => matchSource(source, context))
  return found.every(
    (paths) => paths.length > 0 && paths.every((path) => context.folder.kind(path) === 'file'),
  )
}

function pathsGiven(words: readonly (string | undefined)[], isRoot: boolean): (string | undefined)[] {
  const [name, ...rest] = words
  const operands = rest.filter((word) => !word?.startsWith('-'))
  switch (name ?? '') {
    case 'chown':
      return /^(?:root|0)(?::|$)/.test(operands[0] ?? '') ? [] : operands.slice(1)
    case 'chgrp':
      return operands.slice(1)
    case 'chmod':
      return /^(?:[01]?[0-7]{2}[2367]|[0-7]?7[67][0-7]|\S*(?:[ago]|^)\+\S*w\S*|[ugoa]*=\w*w\w*)$/.test(
        operands[0] ?? '',
      )
        ? operands.slice(1)
        : []
    case 'install':
      return rest.some((word) => word !== undefined && /^(?:-o|--owner|-m|--mode|-d?m)/.test(word))
        ? operands.slice(-1)
        : []
    case 'mkdir':
      return isRoot && !rest.some((word) => /^-\w*m|^--mode/.test(word ?? '')) ? [] : operands
    case 'touch':
      return isRoot ? [] : operands
    case 'cp':
      return isRoot && !rest.some((word) => /^-\w*[ap]|^--(?:archive|preserve)/.test(word ?? ''))
        ? []
        : [operands.at(-1)]
    case 'ln':
      return [operands.at(-1)]
    case 'git':
    case 'python':
    case 'python3':
      return isRoot ? [] : [operands.at(-1)]
    case 'sudo':
      return pathsGiven(operands, isRoot)
    case 'sh':
    case 'bash':
      return operands.length > 0 ? [undefined] : []
    case 'find':
    case 'xargs':
      return words.some((word) => /^(?:chown|chmod|chgrp)$/.test(word ?? '')) ? [undefined] : []
    case 'setfacl':
    case 'umask':
      return [undefined]
    default:
      return name?.endsWith('.sh') ? [undefined] : []
  }
}
