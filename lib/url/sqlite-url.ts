import type { Field, Piece } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece } from './percent.ts'
import { trimPair } from './quotes.ts'
import { readQuery } from './query.ts'
import { checkParameters, collectParameters } from './read-parameters.ts'
import type { FileKind } from './dialects/kind.ts'
import type { SqliteTarget } from './target.ts'
import { checkPath, checkWhole } from './check-templates.ts'
import { cutParameters } from './separators.ts'
import { isAssignmentPath, isLoginPath, isUrlPath } from './whole-url.ts'

const memory = ':memory:'
/** As Sequelize reads it too; nobody calls a file so. */
const unclosedMemory = ':memory'

/**
 * Reads what follows `sqlite:`. As in SQLAlchemy, three slashes begin a relative path and four an absolute one; two slashes would
 * make the name a host, which SQLite does not have.
 */
export function readSqliteUrl(body: Piece, kind: FileKind, found: Findings): SqliteTarget {
  const question = body.text.indexOf('?')
  const end = question < 0 ? body.text.length : question
  const { rest: raw, query: early } = cutParameters(
    { text: body.text.slice(0, end), start: body.start },
    kind,
    found,
  )
  const rest = unquotePath(raw, found)
  // A directory that is called by the name of a variable is nobody's wish.
  const filename = checkPath(rest, found) ? '' : readPath(decodePath(rest, found), found)
  const isBare = rest.text === '' || !kind.memoryWhenBare
  if (filename === '' && isBare && found.problems.length === 0)
    found.refuse('missing-database', { scheme: 'sqlite' }, span(rest))
  else if (filename === '' && rest.text === '///')
    found.note('missing-database', { scheme: 'sqlite' }, span(rest))
  const query = { text: body.text.slice(end + 1), start: body.start + end + 1 }
  const settings = [...(early ? readQuery(early, kind, found) : []), ...readQuery(query, kind, found)]
  const params = collectParameters(settings, kind)
  const target: SqliteTarget = { dialect: 'sqlite', filename: filename === '' ? memory : filename, params }
  checkParameters(target, settings, kind, found)
  return Object.freeze(target)
}

function unquotePath({ text, start }: Piece, found: Findings): Piece {
  const slashes = text.search(/[^/]|$/)
  // The first quote may be closed before the last one.
  if (text.slice(slashes + 1, -1).includes(text.charAt(slashes))) return { text, start }
  const name = trimPair({ text: text.slice(slashes), start: start + slashes }, found)
  return { text: text.slice(0, slashes) + (name?.text ?? text.slice(slashes)), start }
}

function decodePath({ text, start }: Piece, found: Findings): Field {
  return decodePiece(text, start, { part: 'file name' }, false, found)
}

function readPath(path: Field, found: Findings): string {
  const slashes = path.text.search(/[^/]|$/)
  const after = slashes >= 2 ? path.value.slice(slashes >= 3 ? 3 : 2) : path.value
  const left = {
    value: path.value.slice(slashes),
    text: path.text.slice(slashes),
    start: path.start + slashes,
  }
  if (checkWhole(left, found) || after === memory) return after
  if (after === unclosedMemory) {
    found.note('missing-database', {}, span(path))
    return memory
  }
  if (isUrlPath(left.value)) {
    found.refuse('several-urls', {}, span(path))
    return after
  }
  if (isAssignmentPath(left.value)) refusePassword(path, found)
  else if (slashes === 2 && after !== '') refuseHost(path, found)
  else if (isLoginPath(left.value)) refusePassword(path, found)
  else if (slashes === 3 && looksAbsolute(after) && found.problems.length === 0)
    found.note('sqlite-slashes', { path: after }, span(path))
  return after
}

function looksAbsolute(path: string): boolean {
  return path !== '' && !/^(?:\.{1,2}\/|[A-Za-z]:[\\/]|file:)/.test(path)
}

function refusePassword(path: Field, found: Findings): void {
  const expected = 'the path of the file alone: a SQLite file has no password here'
  found.refuse('invalid-parameter', { parameter: 'password', expected }, span(path))
}

function refuseHost(path: Field, found: Findings): void {
  found.refuse('sqlite-host', {}, span(path))
}
