import type { Address, Field, Piece } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece } from './percent.ts'
import type { ServerKind } from './schemes.ts'
import type { HostPort } from './target.ts'

const hostList =
  /^(?:\[[\w:.%~-]+\]|(?:[\p{L}\p{M}\p{N}._-]|%[\dA-Fa-f]{2})*)(?::\d*)?(?:,(?:\[[\w:.%~-]+\]|(?:[\p{L}\p{M}\p{N}._-]|%[\dA-Fa-f]{2})*)(?::\d*)?)*$/u

/** Whether a raw text can be the hosts of an address. */
export function isHostList(text: string): boolean {
  const trimmed = text.replace(/^ +/, '')
  if (!hostList.test(trimmed)) return false
  for (const [, port] of trimmed.matchAll(/:(\d+)(?=,|$)/g)) if (!isPort(String(port))) return false
  return true
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535
}

/** Cuts raw hosts into two lists, of hosts and of ports, that are aligned by position as in libpq. */
export function splitHosts(
  piece: Piece,
  trim: boolean,
  found: Findings,
): { host?: Field; port?: Field } | undefined {
  const names: string[] = []
  const ports: string[] = []
  let start = piece.start
  for (const item of piece.text.split(',')) {
    const parts = /^(?:\[([^\]]+)\]|([^:[][^:]*)?)(?::(.*))?$/s.exec(item)
    if (!parts) {
      refuseBrackets({ text: item, start }, found)
      return undefined
    }
    const text = parts[1] ?? parts[2] ?? ''
    const name = { text, start: start + (parts[1] === undefined ? 0 : 1) }
    names.push(decodePiece(name, { part: 'host', trim }, found).value)
    ports.push(trim ? (parts[3] ?? '').trim() : (parts[3] ?? ''))
    start += item.length + 1
  }
  const host = { ...piece, value: names.join(',') }
  const port = { ...piece, value: ports.join(',') }
  return { ...(host.value && { host }), ...(port.value && { port }) }
}

function refuseBrackets(item: Piece, found: Findings): void {
  const why = item.text.includes(']')
    ? 'brackets hold an IPv6 address, and only ":" and a port may follow them'
    : 'a "[" has no "]"'
  found.refuse('invalid-host', { why, advice: bracketAdvice }, span(item))
}

const bracketAdvice = 'Write an IPv6 address in brackets, as in [2001:db8::1]:5432.'

/** Reads the hosts and ports of an address; `known` are fields that were reported already. */
export function readHosts(
  address: Address,
  kind: ServerKind,
  known: ReadonlySet<Field>,
  found: Findings,
): HostPort[] {
  const { host, port } = address
  if (!host?.value && !port?.value) return []
  const names = (host?.value ?? '').split(',')
  const ports = readPorts(port, names.length, kind, known, found)
  if (host && !known.has(host)) checkHosts(host, names, kind, found)
  return names.map((name, index) => ({ host: name, port: ports[index] ?? kind.defaultPort }))
}

function readPorts(
  field: Field | undefined,
  hosts: number,
  kind: ServerKind,
  known: ReadonlySet<Field>,
  found: Findings,
): (number | undefined)[] {
  if (!field || known.has(field) || /^,*$/.test(field.value)) return []
  const texts = field.value.split(',')
  const bad = texts.find((text) => text !== '' && !isPort(text))
  if (bad !== undefined) {
    refusePort(bad, field, kind, found)
    return []
  }
  if (texts.length > 1 && texts.length !== hosts) {
    const advice = `There are ${texts.length} ports for ${hosts} hosts: give each host its own, or one for all.`
    found.refuse('invalid-port', { example: kind.defaultPort, advice }, span(field))
    return []
  }
  const ports = texts.map((text) => (text === '' ? undefined : Number(text)))
  return texts.length === 1 ? Array.from({ length: hosts }, () => ports[0]) : ports
}

function refusePort(text: string, field: Field, kind: ServerKind, found: Findings): void {
  if (/^[\dA-Fa-f]*:[\dA-Fa-f:.]*$/.test(text) && /^[\dA-Fa-f:]*$/.test(field.text.split(':', 1)[0] ?? '')) {
    const why = 'an IPv6 address needs brackets'
    found.refuse('invalid-host', { why, advice: bracketAdvice }, span(field))
    return
  }
  const advice = text.includes(':')
    ? 'There is one ":" too many: perhaps it stands where the "@" before the host belongs.'
    : ''
  found.refuse('invalid-port', { example: kind.defaultPort, advice }, span(field))
}

function checkHosts(field: Field, names: readonly string[], kind: ServerKind, found: Findings): void {
  for (const name of names) {
    const why = hostProblem(name, kind)
    if (why) {
      const advice =
        'A host is a name such as db.example.com, or an address such as 192.0.2.1 or [2001:db8::1].'
      found.refuse('invalid-host', { why, advice }, span(field))
      return
    }
  }
}

function hostProblem(name: string, kind: ServerKind): string | undefined {
  if (name.startsWith('/') || name.startsWith('@')) {
    return kind.sockets ? undefined : 'this kind of server has no Unix sockets'
  }
  if (/^[\p{L}\p{M}\p{N}._-]*$/u.test(name) || /^[\w.]*:[\w.]*:[\w:.]*(?:%[\w.~-]+)?$/.test(name)) {
    return undefined
  }
  const [character = ''] = /[^\p{L}\p{M}\p{N}._-]/u.exec(name) ?? []
  return `it contains ${character === ' ' ? 'a space' : `"${character}"`}`
}
