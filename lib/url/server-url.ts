import { readAuthority } from './authority.ts'
import type { Address, Field, Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { splitHosts } from './hosts.ts'
import { decodePiece, reportRaw, rawCharacter } from './percent.ts'
import { readQuery } from './query.ts'
import type { Grammar } from './schemes.ts'

/** Reads what follows `scheme://`: `[user[:password]@][host[:port]][,…][/database][?name=value&…]`. */
export function readServerUrl(body: Piece, grammar: Grammar, found: Findings): Address | undefined {
  const authority = readAuthority(body, grammar, found)
  if (!authority) return undefined
  const field = (part: string, piece?: Piece): Field | undefined =>
    piece?.text
      ? decodePiece(piece, { part, trim: grammar.libpq, repair: part !== 'database' }, found)
      : undefined
  const user = field('user', authority.user)
  const password = field('password', authority.password)
  if (password && !grammar.libpq) reportSpaces(password, found)
  const hosts = splitHosts(authority.hosts, grammar.libpq, found)
  const rest = grammar.fragments ? cutFragment(authority.rest, found) : authority.rest
  const query = rest.text.indexOf('?')
  const path = query < 0 ? rest.text : rest.text.slice(0, query)
  const database = field('database', { text: path.slice(1), start: rest.start + 1 })
  const pairs = { text: query < 0 ? '' : rest.text.slice(query + 1), start: rest.start + query + 1 }
  return { user, password, database, ...hosts, settings: readQuery(pairs, grammar, found) }
}

function reportSpaces(field: Field, found: Findings): void {
  const space = field.text.indexOf(' ')
  if (space >= 0) reportRaw(field.start + space, ' ', 'password', found)
}

function cutFragment(rest: Piece, found: Findings): Piece {
  const hash = rest.text.indexOf('#')
  if (hash < 0) return rest
  const start = rest.start + hash
  const part = rest.text.slice(0, hash).includes('?') ? 'parameters' : 'database'
  found.refuse('unescaped-character', rawCharacter(start, '#', part), { start, end: start + 1 })
  return { text: rest.text.slice(0, hash), start: rest.start }
}
