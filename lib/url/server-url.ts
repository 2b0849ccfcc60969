import { readAuthority, type Authority } from './authority.ts'
import type { ServerKind } from './dialects/kind.ts'
import { span, type Address, type Field, type Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { goAdvice, goHost } from './go-host.ts'
import { splitHosts } from './hosts.ts'
import { decodePiece, rawCharacter, reportRaw, type Decoding } from './percent.ts'
import { readQuery } from './query.ts'
import { cutDangling, cutParameters } from './separators.ts'
import { findPlaceholder } from './templates.ts'
import { holdsUrl } from './whole-url.ts'

const userCoding: Decoding = { part: 'user', repair: true }
const passwordCoding: Decoding = { part: 'password', repair: true }
const databaseCoding: Decoding = { part: 'database' }

/** Reads what follows `scheme://`: `[user[:password]@][host[:port]][,…][/database][?name=value&…]`. */
export function readServerUrl(body: Piece, kind: ServerKind, found: Findings): Address | undefined {
  const { grammar } = kind
  const authority = readAuthority(body, grammar, found)
  if (!authority || refuseWebAddress(authority, found) || refuseGoHost(authority, found)) return undefined
  const trim = grammar.libpq && body.text.includes(' ')
  const { user, password } = splitUser(
    readPart(userCoding, authority.user, trim, found),
    readPart(passwordCoding, authority.password, false, found),
    authority,
    found,
  )
  if (authority.password) checkBrackets(authority.password, found)
  const { host, port } = splitHosts(authority.hosts, trim, found)
  const rest = grammar.fragments ? cutFragment(authority.rest, found) : authority.rest
  const question = rest.text.indexOf('?')
  const end = question < 0 ? rest.text.length : question
  const whole = { text: rest.text.slice(1, end), start: rest.start + 1 }
  const path = question < 0 ? whole : cutDangling(whole, found)
  const { rest: name, query: early } = cutParameters(path, kind, found)
  const database = isNoName(name, found) ? undefined : readPart(databaseCoding, name, trim, found)
  const query = { text: rest.text.slice(end + 1), start: rest.start + end + 1 }
  const settings = [...(early ? readQuery(early, kind, found) : []), ...readQuery(query, kind, found)]
  const isPlaceless = authority.hosts.text === '' && settings.every(({ name }) => !places.has(name))
  if (isPlaceless && /[^/]\/[^/]/.test(name.text)) refuseSocketPath(name, kind, found)
  else if (database) noteSlash(name, found)
  return { user, password, host, port, database, settings }
}

/** Parameters that say where the server is. */
const places: ReadonlySet<string> = new Set([
  'host',
  'hostaddr',
  'socket',
  'socketPath',
  'unix_socket',
  'localSocket',
])

/** What was left behind a URL, such as another assignment, must not become the name of a database, which is shown. */
function isNoName({ text, start }: Piece, found: Findings): boolean {
  const blank = text.search(/\s/)
  const behind = blank < 0 ? '' : text.slice(blank).trim()
  const index = /[^\w\s-]|^-/.test(behind) ? blank : text.indexOf('=')
  if (index < 0) return false
  const at = { start: start + index, end: start + index + 1 }
  found.refuse('unescaped-character', rawCharacter(at.start, text.charAt(index), databaseCoding.part), at)
  return true
}

/** `user:password@https://db.example.com`: what stands before the name of the host is no part of it. */
function refuseWebAddress({ hosts, rest }: Authority, found: Findings): boolean {
  if (!rest.text.startsWith('//') || !/^[a-z][a-z0-9+.-]{1,20}:$/i.test(hosts.text)) return false
  const why = 'it begins with the scheme of another URL'
  const advice = 'Write the name of the host alone, as in user:password@db.example.com/database.'
  found.refuse('invalid-host', { why, advice }, { start: hosts.start, end: rest.start + 2 })
  return true
}

/** `user:password@tcp(db.example.com:3306)`: the port would not be one. */
function refuseGoHost({ hosts, rest }: Authority, found: Findings): boolean {
  if (!goHost.test(hosts.text)) return false
  const why = "it is written as Go's driver for MySQL has it"
  const advice = `Without that, ${goAdvice}`
  found.refuse('invalid-host', { why, advice }, { start: hosts.start, end: rest.start })
  return true
}

/** `@/cloudsql/project:region:instance/todo`: the directory of a socket is no name of a database. */
function refuseSocketPath(name: Piece, { dialect }: ServerKind, found: Findings): void {
  const why = 'it is empty, and what looks like the path of a socket stands in the place of the database'
  const parameter = dialect === 'mysql' ? 'socketPath=/directory/mysqld.sock' : 'host=/directory'
  const advice = `Name the socket in the query, as in user:password@/database?${parameter}.`
  found.refuse('invalid-host', { why, advice }, span(name))
}

/** `/todo/`: the slash is a part of the name, which hardly anybody means. */
function noteSlash({ text, start }: Piece, found: Findings): void {
  const index = text.indexOf('/')
  if (index < 0) return
  const at = start + index
  found.note('unescaped-character', { position: at + 1 }, { start: at, end: at + 1 })
}

function readPart(
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

/** `:[password]@` is mostly a template that was filled in, whose brackets were to go. */
function checkBrackets({ text, start }: Piece, found: Findings): void {
  const isBracketed = /^(?:\[.+\]|<.+>|\{.+\})$/.test(text)
  if (isBracketed && findPlaceholder(text, 'password') === undefined)
    reportRaw(start, text.charAt(0), passwordCoding.part, found)
}

/** `user%3Apassword@`: nobody has such a name and no password. With a ":" behind it, it is a name all the same. */
function splitUser(
  user: Field | undefined,
  password: Field | undefined,
  authority: Authority,
  found: Findings,
): Pick<Address, 'user' | 'password'> {
  const [, name, rest] = /^([^:]+):(.+)$/s.exec(user?.value ?? '') ?? []
  if (!user || authority.password || name === undefined || rest === undefined || holdsUrl(user.value))
    return { user, password }
  found.repair('bad-percent-encoding', {}, span(user))
  const at = user.text.search(/%3a/i)
  return {
    user: { value: name, text: user.text.slice(0, at), start: user.start },
    password: { value: rest, text: user.text.slice(at + 3), start: user.start + at + 3 },
  }
}

function cutFragment(rest: Piece, found: Findings): Piece {
  // "&#38;" is how web pages write "&".
  const hash = rest.text.search(/#(?!(?:0{0,4}38|x0{0,4}26);)/i)
  if (hash < 0) return rest
  const start = rest.start + hash
  const part = rest.text.slice(0, hash).includes('?') ? 'parameters' : 'database'
  found.refuse('unescaped-character', rawCharacter(start, '#', part), { start, end: start + 1 })
  return { text: rest.text.slice(0, hash), start: rest.start }
}
