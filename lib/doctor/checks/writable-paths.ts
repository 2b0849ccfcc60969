import { posix } from 'node:path'
import { isUnder, isWritable } from '../dockerfile/writable.ts'
import { finding, type Finding } from '../finding.ts'
import { lineAt } from '../line-at.ts'
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
  const fromSettings = [...image.settings].flatMap(([variable, { value, line }]) => {
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
    const directory = posix.dirname(posix.resolve(image.workingDirectory, path))
    if (isUnder(directory, '/data') && isWritable('/data', image) !== true)
      return [finding('data-not-writable', { file, line }, { variable })]
    return checkFolder(project, 'path-not-writable', directory, { file, line }, { variable })
  })
  return [...fromSettings, ...checkDefaults(project)]
}

function sqlitePath(value: string): string | undefined {
  const result = validateUrl(value.replace(/^sqlite\+\w+:/, 'sqlite:'))
  if (!result.valid || result.target.dialect !== 'sqlite') return undefined
  // SQLAlchemy writes a relative path after three slashes, an absolute one after four.
  const alchemy = /^sqlite(?:\+\w+)?:\/\/\/([^?#]*)/.exec(value)?.[1]
  return alchemy ?? result.target.filename
}

function checkFolder(
  { image }: Project,
  code: 'cache-not-writable' | 'path-not-writable',
  directory: string,
  place: { file: string; line: number },
  values: Record<string, string>,
): Finding[] {
  return isWritable(directory, image!) === false
    ? [finding(code, place, { ...values, directory, user: image!.user! })]
    : []
}

const inPython =
  /(?:getenv|environ\.get|config|env)\(\s*['"](?:DATABASE_UR[LI]|DB_URL|SQLALCHEMY_DATABASE_UR[LI])['"]\s*,\s*(?:default\s*=\s*)?['"](sqlite[^'"]*)['"]|create_(?:async_)?engine\(\s*['"](sqlite[^'"]*)['"]|SQLALCHEMY_DATABASE_UR[LI]\s*['"\]]*\s*=\s*['"](sqlite[^'"]*)['"]|(?:sqlite3|aiosqlite)\.connect\(\s*['"]([^'"]+\.(?:db|sqlite3?))['"]/g
const inJavaScript =
  /(?:new\s+(?:Database|DatabaseSync|sqlite3\.Database)\(\s*|process\.env\.(?:DATABASE_URL|SQLITE_PATH|DB_PATH)\s*(?:\|\||\?\?)\s*)['"]((?:sqlite:|file:)?[^'"]+\.(?:db|sqlite3?))['"]/g

/** A SQLite file that the code names where no variable does. */
function checkDefaults({ image, folder, isIgnored }: Project): Finding[] {
  if (!image?.workingDirectory || image.settings.has('DATABASE_URL')) return []
  const sources = folder.files
    .filter(
      (path) =>
        /\.(?:py|[cm]?[jt]s)$/.test(path) &&
        !/(?:^|\/)(?:tests?|scripts?|examples?|docs)\/|(?:^|\/)test_|\.(?:test|spec)\./.test(path) &&
        !isIgnored(path),
    )
    .slice(0, 300)
  return sources.flatMap((path) => {
    const text = folder.text(path)
    const code = text.replaceAll(/^\s*(?:#|\/\/).*$/gm, (comment) => ' '.repeat(comment.length))
    return [...code.matchAll(path.endsWith('.py') ? inPython : inJavaScript)].slice(0, 1).flatMap((match) => {
      const written = match.slice(1).find((each) => each !== undefined)!
      const name = written.startsWith('sqlite') ? sqlitePath(written) : written.replace(/^file:/, '')
      if (!name || name.includes(':memory:') || name.includes('{')) return []
      const directory = posix.dirname(posix.resolve(image.workingDirectory!, name))
      if (isWritable(directory, image) !== false) return []
      return [
        finding(
          'sqlite-default-not-writable',
          { file: path, line: lineAt(text, match.index) },
          { path: name, directory, user: image.user! },
        ),
      ]
    })
  })
}
