import { posix } from 'node:path'
import type { Folder } from '../folder.ts'
import type { Copy, StageState } from './stage-state.ts'

/** What the build sees of the folder. */
export interface BuildContext {
  readonly folder: Folder
  isIgnored(path: string): boolean
}

/** What was found before: the same source is looked up for each path that somebody asks for. */
const matched = new WeakMap<BuildContext, Map<string, readonly string[]>>()

/** The paths of the folder that a source of `COPY` names, ignored ones left out. */
export function matchSource(source: string, context: BuildContext): readonly string[] {
  const known = matched.get(context) ?? new Map<string, readonly string[]>()
  matched.set(context, known)
  const found = known.get(source) ?? findMatches(source, context)
  known.set(source, found)
  return found
}

function findMatches(source: string, { folder, isIgnored }: BuildContext): readonly string[] {
  const path = posix.normalize(source.replace(/^\/+/, '')).replace(/\/$/, '')
  if (path === '.' || path === '') return ['.']
  if (path.startsWith('..')) return []
  if (!/[*?[]/.test(path)) {
    const kind = folder.kind(path)
    if (!kind) return []
    const isLeft =
      kind === 'file'
        ? !isIgnored(path)
        : !isIgnored(path) || folder.files.some((file) => file.startsWith(`${path}/`) && !isIgnored(file))
    return isLeft ? [path] : []
  }
  const pattern = new RegExp(
    `^${path
      .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
      .replaceAll('**', '.*')
      .replaceAll(/(?<!\.)\*/g, '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  )
  const folders = new Set(folder.files.flatMap((file) => parents(file)))
  return [...folder.files.filter((file) => !isIgnored(file)), ...folders].filter((each) => pattern.test(each))
}

function parents(file: string): string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/**
 * Finds the file of the folder that lies at a path of the image.
 *
 * @returns nothing where there is none, as far as is known.
 */
export function locate(
  path: string,
  copies: readonly Copy[],
  states: readonly StageState[],
  context: BuildContext,
): string | undefined {
  for (const copy of copies.toReversed()) {
    const found = inCopy(path, copy, states, context)
    if (found !== undefined) return found
  }
  return undefined
}

function inCopy(
  path: string,
  { sources, destination, from }: Copy,
  states: readonly StageState[],
  context: BuildContext,
): string | undefined {
  if (destination === undefined) return undefined
  const folder = destination.replace(/\/$/, '') || '/'
  for (const source of sources) {
    if (from !== undefined) {
      const stage = findStage(from, states)
      const inside = stage && [
        relativeTo(folder, path, source),
        posix.join(source, '/') === `${source}/` && posix.basename(source) === posix.basename(path)
          ? source
          : undefined,
      ]
      for (const each of inside ?? []) {
        const found =
          each === undefined
            ? undefined
            : locate(posix.resolve(stage!.workingDirectory ?? '/', each), stage!.copies, states, context)
        if (
          found !== undefined &&
          !(each === source && posix.join(folder, posix.basename(path)) !== path && folder !== path)
        )
          return found
      }
      continue
    }
    for (const match of matchSource(source, context)) {
      const isFolder = match === '.' || context.folder.kind(match) === 'folder'
      const candidates = isFolder
        ? [relativeTo(folder, path, match)]
        : path === folder || path === posix.join(folder, posix.basename(match))
          ? [match]
          : []
      for (const candidate of candidates) {
        if (
          candidate !== undefined &&
          context.folder.kind(candidate) === 'file' &&
          !context.isIgnored(candidate)
        )
          return candidate
      }
    }
  }
  return undefined
}

function relativeTo(folder: string, path: string, source: string): string | undefined {
  const inside = posix.relative(folder, path)
  return inside.startsWith('..') ? undefined : posix.join(source, inside)
}

/** Finds a stage by its name or number. */
export function findStage(name: string, states: readonly StageState[]): StageState | undefined {
  return states.find(({ stage }, index) => stage.name === name.toLowerCase() || String(index) === name)
}
