import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isHostList } from './hosts.ts'
import { rawCharacter, reportRaw } from './percent.ts'
import { refuseLogins, repeatsLogin } from './repeated-login.ts'
import type { Grammar } from './dialects/kind.ts'

/** Where the user part ends (-1: there is none), and the hosts. */
interface Reading {
  readonly at: number
  readonly hostEnd: number
}

/** An address cut into its parts; nothing is decoded. */
export interface Authority {
  readonly user: Piece | undefined
  readonly password: Piece | undefined
  readonly hosts: Piece
  /** The path, the query and all else that follows the hosts. */
  readonly rest: Piece
}

/**
 * Cuts an address into its parts. Where the grammar's own reading is impossible, each `@` is tried as the end of the user part, and the
 * only one that works is taken. Where it is possible, but hides an `@` that most likely belongs to the password, it is refused.
 */
export function readAuthority(body: Piece, grammar: Grammar, found: Findings): Authority | undefined {
  const { text } = body
  const own = ownReading(text, grammar)
  const isPlain = !text.includes('@', own.at + 1) && (own.at < 0 || text.lastIndexOf('?', own.at) < 0)
  if (isPlain) return cut(body, own)
  const isPossible = isHostList(text.slice(own.at + 1, own.hostEnd))
  if (isPossible && !isAmbiguous(text, own)) return cut(body, own)
  const [reading, second] = isPossible ? [own, own] : possibleReadings(text, grammar)
  if (second) {
    refuseAmbiguous(body, found)
    return undefined
  }
  const taken = reading ?? readingAt(text, text.lastIndexOf('@'), grammar)
  if (repeatsLogin(text.slice(0, taken.at))) {
    refuseLogins(body, found)
    return undefined
  }
  if (taken.at !== own.at) reportReserved(body, taken.at, grammar, found)
  return cut(body, taken)
}

function refuseAmbiguous({ text, start }: Piece, found: Findings): void {
  if (text.startsWith('/')) {
    const why = 'it is empty, and an "@" comes later'
    const advice = 'Write two slashes after the scheme, not three; an "@" in the name of a database is %40.'
    found.refuse('invalid-host', { why, advice }, { start, end: start + 1 })
    return
  }
  const index = text.search(/[/?#@]/)
  const part = text.slice(0, index).includes(':') ? 'password' : 'user'
  const at = { start: start + index, end: start + index + 1 }
  found.refuse('unescaped-character', rawCharacter(at.start, text.charAt(index), part), at)
}

/** Where the first of some characters stands, or the end of the text. */
function find(characters: string, text: string, from: number): number {
  let index = from
  while (index < text.length && !characters.includes(text.charAt(index))) index++
  return index
}

function readingAt(text: string, at: number, grammar: Grammar): Reading {
  return { at, hostEnd: find(grammar.hostEnd, text, at + 1) }
}

function ownReading(text: string, grammar: Grammar): Reading {
  const at = text.indexOf('@')
  return readingAt(text, at < find(grammar.userEnd, text, 0) ? at : -1, grammar)
}

/** Whether a possible reading has an `@`, or a user with `?`, where hardly anybody means one. */
function isAmbiguous(text: string, own: Reading): boolean {
  const [name = ''] = text.slice(0, own.at + 1).split(':', 1)
  if (name.includes('?')) return true
  let last = text.lastIndexOf('@')
  const query = text.indexOf('?', own.hostEnd)
  const pathEnd = query < 0 ? text.length : query
  if (last > pathEnd) {
    // A parameter may hold an "@"; without a path, it is more likely a password with "?".
    const isParameter = text.slice(query, last).includes('=') && (own.at >= 0 || own.hostEnd < query)
    if (!isParameter) return true
    last = text.lastIndexOf('@', query)
  }
  if (last <= own.at) return false
  if (own.at < 0) return hasColon(text.slice(0, last))
  return /[/:]/.test(text.slice(text.indexOf('@', own.hostEnd), pathEnd))
}

function hasColon(text: string): boolean {
  return text.replace(/\[[^\][]*\]/g, '').includes(':')
}

/** At most two readings with valid hosts: more need not be known. */
function possibleReadings(text: string, { hostEnd: ends }: Grammar): Reading[] {
  const readings: Reading[] = []
  for (let at = text.indexOf('@'); at >= 0 && readings.length < 2;) {
    const hostEnd = find(`@${ends}`, text, at + 1)
    if (text[hostEnd] !== '@' && isHostList(text.slice(at + 1, hostEnd))) readings.push({ at, hostEnd })
    at = text.indexOf('@', at + 1)
  }
  return readings
}

/** Reports each character of the user part, once, that should have been encoded. */
function reportReserved(body: Piece, end: number, grammar: Grammar, found: Findings): void {
  const userPart = body.text.slice(0, end)
  const colon = userPart.indexOf(':')
  const seen = new Set<string>()
  for (const { 0: character, index } of userPart.matchAll(grammar.reserved)) {
    if (seen.has(character)) continue
    seen.add(character)
    reportRaw(body.start + index, character, colon >= 0 && index > colon ? 'password' : 'user', found)
  }
}

function cut({ text, start }: Piece, { at, hostEnd }: Reading): Authority {
  const hosts = { text: text.slice(at + 1, hostEnd), start: start + at + 1 }
  const rest = { text: text.slice(hostEnd), start: start + hostEnd }
  if (at < 0) return { user: undefined, password: undefined, hosts, rest }
  const colon = text.indexOf(':')
  const userEnd = colon < 0 || colon > at ? at : colon
  const user = { text: text.slice(0, userEnd), start }
  const password =
    userEnd < at ? { text: text.slice(userEnd + 1, at), start: start + userEnd + 1 } : undefined
  return { user, password, hosts, rest }
}
