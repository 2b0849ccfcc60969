import { problem } from '../problem/problem.ts'
import { countAdvice } from '../url/read-hosts.ts'
import type { PartReader } from './part-reader.ts'
import type { ComponentFamily } from './variables.ts'

/** The part of a URL before the hosts, with the "@". */
export function userPart(user: string | undefined, password: string | undefined): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  return user === undefined && !secret ? '' : `${encodeURIComponent(user ?? '')}${secret}@`
}

/** The hosts of a URL, each with its port. */
export function hostPart(
  host: string,
  port: string | undefined,
  family: ComponentFamily,
  parts: PartReader,
): string {
  const hosts = host.split(',').map((one) => one.trim())
  const ports = port === undefined ? [] : port.split(',').map((one) => one.trim())
  if (ports.length > 1 && ports.length !== hosts.length && ports.some(Boolean)) {
    const advice = countAdvice(ports.length, hosts.length)
    parts.refuse(
      problem('invalid-port', {
        subject: family.port[0]!,
        example: family.scheme === 'mysql' ? 3306 : 5432,
        advice,
      }),
    )
  }
  return hosts
    .map((one, index) => {
      const number = ports.length === 1 ? ports[0] : ports[index]
      if (!number) return encodeHost(one)
      return `${encodeHost(withoutPort(one, number, family, parts))}:${encodeURIComponent(number)}`
    })
    .join(',')
}

/** `db.example.com:5432` beside the same port, as Terraform gives the endpoint of RDS. */
function withoutPort(host: string, port: string, family: ComponentFamily, parts: PartReader): string {
  const [, name, own] = (!isSocket(host) && /^(\[.*\]|[^:]*):(\d+)$/.exec(host)) || []
  if (name === undefined || own === undefined) return host
  const [subject = '', variable] = [...family.host, ...family.port]
  const why = `it ends with a port, and ${variable} names another one`
  const advice = `Name the port in ${variable} alone.`
  if (Number(own) !== Number(port)) parts.refuse(problem('invalid-host', { subject, why, advice }))
  return name
}

/** A path, or the name of an abstract socket. */
export function isSocket(host: string): boolean {
  return host.startsWith('/') || host.startsWith('@')
}

function encodeHost(host: string): string {
  if (isSocket(host)) return encodeURIComponent(host)
  const isIpv6 = host.split(':').length > 2
  if (isIpv6) return host.startsWith('[') ? host : `[${host.replace('%', '%25')}]`
  return encodeURIComponent(host).replace('%3A', ':')
}
