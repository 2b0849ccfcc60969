import { readAuthority } from './authority.ts'
import type { Address, Field, Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { splitHosts } from './hosts.ts'
import { decodePiece, rawCharacter, reportRaw, type Decoding } from './percent.ts'
import { readQuery } from './query.ts'
import type { Grammar } from './dialects/kind.ts'

const userCoding: Decoding = { part: 'user', repair: true }
const passwordCoding: Decoding = { part: 'password', repair: true }
const databaseCoding: Decoding = { part: 'database' }

/** Reads what follows `scheme://`: `[user[:password]@][host[:port]][,…][/database][?name=value&…]`. */
export function readServerUrl(body: Piece, grammar: Grammar, found: Findings): Address | undefined {
  const authority = readAuthority(body, grammar, found)
  if (!authority) return undefined
  const trim = grammar.libpq && body.text.includes(' ')
  const user = readUserPart(userCoding, authority.user, trim, found)
  const password = readUserPart(passwordCoding, authority.password, trim, found)
  const { host, port } = splitHosts(authority.hosts, trim, found)
  const rest = grammar.fragments ? cutFragment(authority.rest, found) : authority.rest
  const query = rest.text.indexOf('?')
  const path = query < 0 ? rest.text.slice(1) : rest.text.slice(1, query)
  const database =
    path && query !== 0 ? decodePiece(path, rest.start + 1, databaseCoding, trim, found) : undefined
  const pairs = query < 0 ? '' : rest.text.slice(query + 1)
  const settings = readQuery({ text: pairs, start: rest.start + query + 1 }, grammar.libpq, found)
  return { user, password, host, port, database, settings }
}

function readUserPart(
  how: Decoding,
  piece: Piece | undefined,
  trim: boolean,
  found: Findings,
): Field | undefined {
  if (!piece?.text) return undefined
  const { text, start } = piece
  if (!trim && text.includes(' ')) reportRaw(start + text.indexOf(' '), ' ', how.part, found)
  return decodePiece(text, start, how, trim, found)
}

function cutFragment(rest: Piece, found: Findings): Piece {
  const hash = rest.text.indexOf('#')
  if (hash < 0) return rest
  const start = rest.start + hash
  const part = rest.text.slice(0, hash).includes('?') ? 'parameters' : 'database'
  found.refuse('unescaped-character', rawCharacter(start, '#', part), { start, end: start + 1 })
  return { text: rest.text.slice(0, hash), start: rest.start }
}
