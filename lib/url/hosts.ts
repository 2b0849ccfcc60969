import type { Field, Piece } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw, type Decoding } from './percent.ts'

const hostList =
  /^(?:\[[\w:.%~-]+\]|(?:[\p{L}\p{M}\p{N}._-]|%[\dA-Fa-f]{2})*)(?::\d*)?(?:,(?:\[[\w:.%~-]+\]|(?:[\p{L}\p{M}\p{N}._-]|%[\dA-Fa-f]{2})*)(?::\d*)?)*$/u

/** Whether a raw text can be the hosts of an address. */
export function isHostList(text: string): boolean {
  const trimmed = text.replace(/^ +/, '')
  if (!hostList.test(trimmed)) return false
  for (const [, port] of trimmed.matchAll(/:(\d+)(?=,|$)/g)) if (!toPort(String(port))) return false
  return true
}

/** The port that a text says, if it is one. */
export function toPort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

const hostCoding: Decoding = { part: 'host' }
const portCoding: Decoding = { part: 'port' }

/** Hosts and ports, aligned by position as in libpq. */
export interface HostLists {
  readonly host: Field | undefined
  readonly port: Field | undefined
}

/** Cuts raw hosts into two lists, of hosts and of ports; `trim`: without the spaces around a host and a port. */
export function splitHosts(piece: Piece, trim: boolean, found: Findings): HostLists {
  const { text, start } = piece
  if (!text.includes(',')) return splitHost(text, start, trim, found)
  const names: string[] = []
  const ports: string[] = []
  let from = start
  for (const item of text.split(',')) {
    // libpq refuses a space inside a list.
    const { host, port } = splitHost(item, from, false, found)
    if (host?.value.startsWith('/') && item.includes(' '))
      reportRaw(from + item.indexOf(' '), ' ', 'host', found)
    names.push(host?.value ?? '')
    ports.push(port?.value ?? '')
    from += item.length + 1
  }
  return { host: { text, start, value: names.join(',') }, port: { text, start, value: ports.join(',') } }
}

function splitHost(text: string, start: number, trim: boolean, found: Findings): HostLists {
  const bracketed = text.startsWith('[')
  const close = bracketed ? text.indexOf(']') : 0
  const colon = bracketed ? close + 1 : text.indexOf(':')
  if (bracketed && (close < 2 || !/^(?::|$)/.test(text.slice(close + 1)))) {
    refuseBrackets({ text, start }, found)
    return { host: undefined, port: undefined }
  }
  // Without a ":" it is no address, and the brackets are a part of the mistake.
  const from = bracketed && text.slice(0, close).includes(':') ? 1 : 0
  const to = bracketed ? close + 1 - from : colon < 0 ? text.length : colon
  const host =
    to > from ? decodePiece(text.slice(from, to), start + from, hostCoding, trim, found) : undefined
  const port = colon < 0 ? '' : text.slice(colon + 1)
  return { host, port: port ? decodePiece(port, start + colon + 1, portCoding, trim, found) : undefined }
}

function refuseBrackets(item: Piece, found: Findings): void {
  const why = item.text.includes(']')
    ? 'brackets hold an IPv6 address, and only ":" and a port may follow them'
    : 'a "[" has no "]"'
  found.refuse('invalid-host', { why, advice: bracketAdvice }, span(item))
}

/** How an IPv6 address is written. */
export const bracketAdvice: string = 'Write an IPv6 address in brackets, as in [2001:db8::1]:5432.'
