import { isSecretParameter } from './dialects/parameter.ts'
import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isKeywordString, openKeyword } from './keyword-string.ts'
import { beginsWithUrl } from './leading-url.ts'

/** In capitals, and not behind "-c", so that it is no setting of a server in the parameter `options`. */
const nextAssignment = /(?<!-c[ \t]{0,8})(?:[ \t]|\\[rn]){1,8}(?:export[ \t]{1,8})?[A-Z][A-Z0-9_]{2,80}=/
/** The name of a file may hold all but what begins anew behind its ending. */
const behindFile = /(?<=\.(?:db|db3|sqlite|sqlite3|s3db))(?:[ \t]|\\[rn]){1,8}(?:export[ \t]{1,8})?\w{1,80}=/i

/** Whether a text names a SQLite file. */
export function isFile(text: string): boolean {
  return /^(?:file|[\w-]*sqlite\w*):/i.test(text)
}

/** Takes off the assignment of another variable behind a URL, which would become a part of it, and be shown. */
export function cutNextAssignment(piece: Piece, found: Findings): Piece | undefined {
  const { text } = piece
  const index = beginsWithUrl(text) ? text.search(isFile(text) ? behindFile : nextAssignment) : -1
  if (index < 0 || isInPassword(text, index)) return undefined
  found.repair('pasted-assignment', {}, { start: piece.start + index, end: piece.start + text.length })
  return { text: text.slice(0, index), start: piece.start }
}

/** Before an "@", and before the path. */
function isInPassword(text: string, index: number): boolean {
  const path = text.indexOf('/', text.indexOf('://') + 3)
  return text.includes('@', index) && (path < 0 || path > index)
}

/** Takes off what ends a list, a statement or the line of a shell, and a line break of which the letters were left. */
export function trimLeftOver(piece: Piece, found: Findings): Piece | undefined {
  const { text } = piece
  const end = /(?:[,;]|\\[rnt]?){1,8}$/.exec(text)
  if (!end || !(beginsWithUrl(text) || isKeywordString(text)) || endsWithSecret(text)) return undefined
  const rest = text.slice(0, end.index)
  // In a path of Windows it is the name of a file.
  if (isFile(text) && end[0].includes('\\') && !/\.\w{2,7}\s{0,8}$/.test(rest)) return undefined
  const at = { start: piece.start + end.index, end: piece.start + text.length }
  found.repair('surrounding-whitespace', { end: end[0] }, at)
  return { text: rest, start: piece.start }
}

function endsWithSecret(text: string): boolean {
  if (isKeywordString(text)) return isSecretParameter(openKeyword(text) ?? '')
  const query = text.slice(text.indexOf('?') + 1)
  const [name = ''] = query.slice(query.lastIndexOf('&') + 1).split('=', 1)
  return query !== text && isSecretParameter(name)
}
