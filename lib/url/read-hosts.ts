import { span, type Address, type Field } from './field.ts'
import type { Findings } from './findings.ts'
import { bracketAdvice, toPort } from './hosts.ts'
import type { ServerKind } from './dialects/kind.ts'
import type { HostPort } from './target.ts'

/** Reads the hosts and ports of an address, frozen; `reported` are fields whose problems are known already. */
export function readHosts(
  { host, port }: Address,
  kind: ServerKind,
  reported: ReadonlySet<Field>,
  found: Findings,
): readonly HostPort[] {
  if (!host?.value && !port?.value) return none
  const names = host?.value.includes(',') ? host.value.split(',') : [host?.value ?? '']
  const ports = port && !reported.has(port) ? readPorts(port, names.length, kind, found) : []
  if (host && !reported.has(host)) checkHosts(host, names, kind, found)
  const hosts = names.map((name, at) => {
    const [, directory, number] =
      (kind.dialect === 'postgres' && name.startsWith('/') && socketFile.exec(name)) || []
    const own = number === undefined ? ports[at] : toPort(number)
    return Object.freeze({
      host: directory === undefined ? name : directory || '/',
      port: own ?? kind.defaultPort,
    })
  })
  return Object.freeze(hosts)
}

const none: readonly HostPort[] = Object.freeze([])

/** The file of a socket of PostgreSQL, which is named by its directory and its port. */
const socketFile = /^(.*)\/\.s\.PGSQL\.(\d{1,5})$/

function readPorts(
  field: Field,
  hosts: number,
  kind: ServerKind,
  found: Findings,
): readonly (number | undefined)[] {
  const single = toPort(field.value)
  if (single) return hosts === 1 ? [single] : Array.from({ length: hosts }, () => single)
  const texts = field.value.split(',')
  const bad = texts.find((text) => text !== '' && !toPort(text))
  if (bad !== undefined) refusePort(bad, field, kind, found)
  else if (texts.length === hosts) return texts.map(toPort)
  else if (/[^,]/.test(field.value)) {
    const advice = countAdvice(texts.length, hosts)
    found.refuse('invalid-port', { example: kind.defaultPort, advice }, span(field))
  }
  return []
}

/** What to do about a list of ports that does not fit that of the hosts. */
export function countAdvice(ports: number, hosts: number): string {
  return `There are ${ports} ports for ${hosts} hosts: give each host its own, or one for all.`
}

/** The region and the name of one, such as "europe-west1:main". */
const cloudSqlInstance = /^[a-z]+-[a-z]+\d+:[\w-]+$/

function refusePort(text: string, field: Field, kind: ServerKind, found: Findings): void {
  if (/^[\dA-Fa-f:.]*(?:%|$)/.test(text) && /::|(?::[^:]*){4}/.test(`:${text}`)) {
    const why = 'an IPv6 address needs brackets'
    found.refuse('invalid-host', { why, advice: bracketAdvice }, span(field))
    return
  }
  const advice = cloudSqlInstance.test(text)
    ? 'An instance of Cloud SQL is named by its socket, in the query: ?host=/cloudsql/project:region:instance.'
    : text.includes(':')
      ? 'There is one ":" too many: perhaps it stands where the "@" before the host belongs.'
      : ''
  found.refuse('invalid-port', { example: kind.defaultPort, advice }, span(field))
}

function checkHosts(field: Field, names: readonly string[], kind: ServerKind, found: Findings): void {
  for (const name of names) {
    const why = hostProblem(name, kind)
    if (why) {
      const advice = /^[^:]+:\d+$/.test(name)
        ? 'Beside host=… a port is a parameter of its own, as in port=5432.'
        : 'A host is a name such as db.example.com, or an address such as 192.0.2.1 or [2001:db8::1].'
      found.refuse('invalid-host', { why, advice }, span(field))
      return
    }
  }
}

/** Letters and digits of all languages, or an IPv6 address. Like libpq, this does not look closer at an address. */
const valid = /^(?:[\p{L}\p{M}\p{N}._-]*|[\w.]*:[\w.]*:[\w:.]*(?:%[\w.~-]+)?)$/u

function hostProblem(name: string, kind: ServerKind): string | undefined {
  if (name.startsWith('/') || name.startsWith('@')) {
    return kind.sockets ? undefined : 'this kind of server has no Unix sockets'
  }
  if (valid.test(name)) return undefined
  // Where brackets allow a ":", it is not the mistake.
  const character = /[^\p{L}\p{M}\p{N}._:-]/u.exec(name)?.[0] ?? ':'
  return `it contains ${character === ' ' ? 'a space' : `"${character}"`}`
}
