import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'

/** A project's folder: it is read, never written. Paths are relative to it, with slashes. */
export interface Folder {
  /** The names in a folder; none where it is no folder that can be read. */
  list(path: string): readonly string[]
  /** The text of a file without its byte order mark; nothing where there is none that can be read. */
  read(path: string): string | undefined
  /** The same; empty where there is none. */
  text(path: string): string
  readBytes(path: string): Buffer | undefined
  kind(path: string): 'file' | 'folder' | undefined
  /** Whether a file may be executed; nothing where the system keeps no such mark. */
  isExecutable(path: string): boolean | undefined
  /** The files, those near the top first, but those of git and of installed packages; at most some thousands. */
  readonly files: readonly string[]
  /** Whether those are all. */
  readonly isComplete: boolean
}

const skipped = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.tap'])
const mostFiles = 5000
const mostBytes = 20_000_000

/** Opens a folder; nothing where it cannot be read. */
export function openFolder(directory: string): Folder | undefined {
  if (!attempt(() => readdirSync(directory))) return undefined
  const entries = (path: string): Dirent[] =>
    attempt(() => readdirSync(join(directory, path), { withFileTypes: true })) ?? []
  const stat = (path: string) => attempt(() => statSync(join(directory, path)))
  const readBytes = (path: string): Buffer | undefined =>
    (stat(path)?.size ?? Infinity) > mostBytes
      ? undefined
      : attempt(() => readFileSync(join(directory, path)))
  const read = (path: string): string | undefined =>
    readBytes(path)
      ?.toString('utf8')
      .replace(/^\uFEFF/, '')
  let walked: ReturnType<typeof walk> | undefined
  return {
    list: (path) =>
      entries(path)
        .map(({ name }) => name)
        .toSorted(),
    kind(path) {
      const found = stat(path)
      return found && (found.isDirectory() ? 'folder' : 'file')
    },
    readBytes,
    read,
    text: (path) => read(path) ?? '',
    isExecutable: (path) =>
      process.platform === 'win32' ? undefined : ((stat(path)?.mode ?? 0) & 0o111) !== 0,
    get files() {
      return (walked ??= walk(entries)).files
    },
    get isComplete() {
      return (walked ??= walk(entries)).isComplete
    },
  }
}

/** Level by level, so that the data of one folder does not hide the sources of another. A link to a folder is not followed. */
function walk(entries: (path: string) => Dirent[]): { files: string[]; isComplete: boolean } {
  const files: string[] = []
  let folders = ['']
  while (folders.length > 0) {
    const next: string[] = []
    for (const folder of folders) {
      for (const entry of entries(folder)) {
        if (skipped.has(entry.name)) continue
        if (files.length + next.length >= mostFiles) return { files: files.toSorted(), isComplete: false }
        const path = folder ? `${folder}/${entry.name}` : entry.name
        if (entry.isDirectory()) next.push(path)
        else files.push(path)
      }
    }
    folders = next
  }
  return { files: files.toSorted(), isComplete: true }
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
