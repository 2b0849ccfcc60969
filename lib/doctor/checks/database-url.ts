import { validateUrl } from '../../url/index.ts'
import { finding, type Finding, type Place } from '../finding.ts'
import type { Severity } from '../catalogue.ts'

const urlName = /^(?:DATABASE|DB|POSTGRES(?:QL)?|MYSQL|MARIADB|SQLALCHEMY_DATABASE)_UR[LI]$/

/** Reads a URL as the library does, the driver of SQLAlchemy left out; nothing for another variable, or one that others fill in. */
function read(variable: string, value: string): ReturnType<typeof validateUrl> | undefined {
  if (!urlName.test(variable) || value === '' || value.includes('$')) return undefined
  return validateUrl(value.replace(/^(\w+)\+\w+:/, '$1:'))
}

/** A database URL is one that can be used; what is for another program is left alone. */
export function checkUrl(variable: string, value: string, place: Place, severity?: Severity): Finding[] {
  const result = read(variable, value)
  if (result === undefined || result.valid) return []
  const [{ code, message: why, hint: cure }] = result.problems
  if (code === 'unsupported-scheme') return []
  return [finding('database-url-invalid', place, { variable, why, cure }, severity)]
}

/** The host of a URL that names the container itself. */
export function loopbackHost(variable: string, value: string): string | undefined {
  const result = read(variable, value)
  const hosts = result?.valid && 'hosts' in result.target ? result.target.hosts : []
  return hosts.find(({ host }) => /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host))?.host
}
