import { posix } from 'node:path'
import { isUnder, isWritable } from '../dockerfile/writable.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { validateUrl } from '../../url/index.ts'

const file = 'Dockerfile'
const cacheVariables =
  /^(?:HF_HOME|HF_HUB_CACHE|HUGGINGFACE_HUB_CACHE|HF_DATASETS_CACHE|TRANSFORMERS_CACHE|SENTENCE_TRANSFORMERS_HOME|XDG_CACHE_HOME|TORCH_HOME|MPLCONFIGDIR|NUMBA_CACHE_DIR|GRADIO_TEMP_DIR)$/
const databaseVariables =
  /^(?:SQLITE_(?:PATH|FILE|DB)|(?:DB|DATABASE)_(?:PATH|FILE|FILENAME)|SQLITE_DATABASE)$/

/** Where the app writes, its user may write: SQLite files and caches. */
export function checkWritablePaths(project: Project): Finding[] {
  const { image } = project
  if (!image) return []
  return [...image.settings].flatMap(([variable, { value, line }]) => {
    if (cacheVariables.test(variable))
      return checkFolder(
        project,
        'cache-not-writable',
        posix.resolve(image.workingDirectory ?? '/', value),
        { file, line },
        { variable },
      )
    const path = databaseVariables.test(variable)
      ? value
      : /(?:^|_)(?:URL|URI|DSN)$|^DATABASE/.test(variable)
        ? sqlitePath(value)
        : undefined
    if (path === undefined || path === ':memory:' || path.includes('$') || !image.workingDirectory) return []
    const base = value.startsWith('file:') ? prismaFolder(project) : '.'
    if (base === undefined) return []
    const directory = posix.dirname(posix.resolve(image.workingDirectory, base, path))
    if (isUnder(directory, '/data') && isWritable('/data', image, project) !== true)
      return [finding('data-not-writable', { file, line }, { variable })]
    return checkFolder(project, 'path-not-writable', directory, { file, line }, { variable })
  })
}

/** Prisma reads a path from the folder of its schema, up to version 6; nothing where a later one has a folder of its own. */
function prismaFolder({ folder }: Project): string | undefined {
  if (folder.files.some((path) => /(?:^|\/)prisma\.config\.[cm]?[jt]s$/.test(path))) return undefined
  const schema = folder.files.find(
    (path) => path.endsWith('schema.prisma') && /provider\s*=\s*"sqlite"/.test(folder.text(path)),
  )
  return schema === undefined ? '.' : posix.dirname(schema)
}

/** The file of a URL, as the library reads it or as SQLAlchemy does. */
export function sqlitePath(value: string): string | undefined {
  const result = validateUrl(value.replace(/^sqlite\+\w+:/, 'sqlite:'))
  if (!result.valid || result.target.dialect !== 'sqlite') return undefined
  // SQLAlchemy writes a relative path after three slashes, an absolute one after four.
  const alchemy = /^sqlite(?:\+\w+)?:\/\/\/([^?#]*)/.exec(value)?.[1]
  return alchemy ?? result.target.filename
}

function checkFolder(
  project: Project,
  code: 'cache-not-writable' | 'path-not-writable',
  directory: string,
  place: { file: string; line: number },
  values: Record<string, string>,
): Finding[] {
  const { image } = project
  return isWritable(directory, image!, project) === false
    ? [finding(code, place, { ...values, directory, user: image!.user! })]
    : []
}
