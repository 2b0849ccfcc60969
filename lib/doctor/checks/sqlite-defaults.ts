import { posix } from 'node:path'
import { isWritable } from '../dockerfile/writable.ts'
import { finding, type Finding } from '../finding.ts'
import { lineAt } from '../line-at.ts'
import type { Project } from '../project.ts'
import { sqlitePath } from './writable-paths.ts'

/** A SQLite file that a source names: its path below the working directory, and where it stands. */
interface NamedFile {
  readonly name: string
  readonly index: number
}

/** A SQLite file that the code names where no variable does lies where the app may write. */
export function checkSqliteDefaults(project: Project): Finding[] {
  const { image, folder, isIgnored } = project
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
    const named = firstFile(path, text)
    if (!named || named.name.includes(':memory:') || named.name.includes('{')) return []
    const directory = posix.dirname(posix.resolve(image.workingDirectory!, named.name))
    if (isWritable(directory, image, project) !== false) return []
    const values = { path: posix.normalize(named.name), directory, user: image.user! }
    return [finding('sqlite-default-not-writable', { file: path, line: lineAt(text, named.index) }, values)]
  })
}

function firstFile(path: string, text: string): NamedFile | undefined {
  const code = text.replaceAll(/^\s*(?:#|\/\/).*$/gm, (comment) => ' '.repeat(comment.length))
  const found = path.endsWith('.py') ? inPython(path, code) : inJavaScript(path, code)
  return found.toSorted((one, other) => one.index - other.index)[0]
}

const pythonUrl =
  /(?:getenv|environ\.get|config|env)\(\s*['"](?:DATABASE_UR[LI]|DB_URL|SQLALCHEMY_DATABASE_UR[LI])['"]\s*,\s*(?:default\s*=\s*)?['"](sqlite[^'"]*)['"]|create_(?:async_)?engine\(\s*['"](sqlite[^'"]*)['"]|SQLALCHEMY_DATABASE_UR[LI]\s*['"\]]*\s*=\s*['"](sqlite[^'"]*)['"]|(?:sqlite3|aiosqlite)\.connect\(\s*['"]([^'"]+\.(?:db|sqlite3?))['"]/g
/** Below a folder that is found from `__file__`, as in Django's settings. */
const pythonJoined =
  /(?:sqlite3\.connect\(|['"]NAME['"]\s*:)\s*(?:os\.path\.join\(\s*(\w+)\s*,\s*|(\w+)\s*\/\s*)['"]([^'"]+\.(?:db|sqlite3?))['"]/g

function inPython(path: string, code: string): NamedFile[] {
  const urls = [...code.matchAll(pythonUrl)].flatMap((match) => {
    const name = writtenName(match.slice(1).find((each) => each !== undefined)!)
    return name ? [{ name, index: match.index }] : []
  })
  const joined = [...code.matchAll(pythonJoined)].flatMap((match) => {
    const base = folderOfFile(match[1] ?? match[2]!, path, code)
    return base === undefined ? [] : [{ name: posix.join(base, match[3]!), index: match.index }]
  })
  return [...urls, ...joined]
}

/** `BASE_DIR = Path(__file__).resolve().parent.parent` */
function folderOfFile(name: string, path: string, code: string): string | undefined {
  const made = new RegExp(`^${name}\\s*=\\s*(.*\\b__file__\\b.*)$`, 'm').exec(code)?.[1]
  const steps = made?.match(/\.parent\b|\bdirname\(/g)?.length ?? 0
  if (steps === 0) return undefined
  return Array.from({ length: steps }).reduce<string>((folder) => posix.dirname(folder), path)
}

const literal = String.raw`['"]((?:sqlite:|file:)?[^'"]+\.(?:db|sqlite3?))['"]`
const joinedPath = String.raw`path\.(?:join|resolve)\(\s*(__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*((?:['"][^'"]+['"]\s*,?\s*)+)\)`
const javaScriptFile = new RegExp(
  String.raw`(new\s+(?:Database|DatabaseSync|sqlite3\.Database)\(\s*|process\.env\.(?:DATABASE_URL|SQLITE_PATH|DB_PATH)\s*(?:\|\||\?\?)\s*|\b(?:filename|storage|database)\s*:\s*)(?:${literal}|${joinedPath})`,
  'g',
)

/** Whose option it is. */
const libraries: Readonly<Record<string, RegExp>> = {
  filename: /knex/i,
  storage: /sequelize/i,
  database: /typeorm|DataSource/,
}

function inJavaScript(path: string, code: string): NamedFile[] {
  // An option is one of SQLite where the file speaks of it; what has an environment for production uses another one there.
  const hasOptions = /sqlite/.test(code) && !/\bproduction\b/.test(code)
  return [...code.matchAll(javaScriptFile)].flatMap((match) => {
    const [, before = '', written, base, parts = ''] = match
    const [, option] = /(\w+)\s*:/.exec(before) ?? []
    if (option !== undefined && !(hasOptions && libraries[option]!.test(code))) return []
    const name = written === undefined ? joinedName(path, base!, parts) : writtenName(written)
    return name ? [{ name, index: match.index }] : []
  })
}

function writtenName(written: string): string | undefined {
  return written.startsWith('sqlite') ? sqlitePath(written) : written.replace(/^file:/, '')
}

function joinedName(path: string, base: string, parts: string): string | undefined {
  const isWorkingDirectory = base === 'process.cwd()'
  const below = [...parts.matchAll(/['"]([^'"]+)['"]/g)].map(([, part]) => part!)
  // Where a compiler puts TypeScript is not known, and only a name of SQLite tells that this is a database.
  if ((path.endsWith('ts') && !isWorkingDirectory) || !/\.(?:db|sqlite3?)$/.test(below.at(-1)!))
    return undefined
  return posix.join(isWorkingDirectory ? '.' : posix.dirname(path), ...below)
}
