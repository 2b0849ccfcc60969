import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A project's folder: it is read, never written. Paths are relative to it, with slashes. */
export interface Folder {
  /** The names in a folder; none where it is no folder that can be read. */
  list(path: string): readonly string[]
  /** The text of a file without its byte order mark; nothing where there is none that can be read. */
  read(path: string): string | undefined
  readBytes(path: string): Buffer | undefined
  kind(path: string): 'file' | 'folder' | undefined
  /** Whether a file may be executed; nothing where the system keeps no such mark. */
  isExecutable(path: string): boolean | undefined
  /** Every file, but those of git and of installed packages; at most some thousands. */
  readonly files: readonly string[]
}

const skipped = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.tap'])
const mostFiles = 5000
const mostBytes = 1_000_000

/** Opens a folder; nothing where it cannot be read. */
export function openFolder(directory: string): Folder | undefined {
  const list = (path: string): string[] => attempt(() => readdirSync(join(directory, path)).toSorted()) ?? []
  const stat = (path: string) => attempt(() => statSync(join(directory, path)))
  const kind = (path: string): 'file' | 'folder' | undefined => {
    const found = stat(path)
    return found && (found.isDirectory() ? 'folder' : 'file')
  }
  if (!attempt(() => readdirSync(directory))) return undefined
  const readBytes = (path: string): Buffer | undefined => {
    const size = stat(path)?.size ?? Infinity
    return size > mostBytes * 20 ? undefined : attempt(() => readFileSync(join(directory, path)))
  }
  let files: string[] | undefined
  return {
    list,
    kind,
    readBytes,
    read: (path) =>
      readBytes(path)
        ?.toString('utf8')
        .replace(/^\uFEFF/, ''),
    isExecutable: (path) =>
      process.platform === 'win32' ? undefined : ((stat(path)?.mode ?? 0) & 0o111) !== 0,
    get files() {
      return (files ??= walk(list, kind))
    },
  }
}

function walk(list: Folder['list'], kind: Folder['kind']): string[] {
  const files: string[] = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined && files.length < mostFiles; folder = folders.pop()) {
    for (const name of list(folder)) {
      const path = folder ? `${folder}/${name}` : name
      if (skipped.has(name)) continue
      if (kind(path) === 'folder') folders.push(path)
      else files.push(path)
    }
  }
  return files.toSorted()
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
