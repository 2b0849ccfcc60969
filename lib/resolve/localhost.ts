import { problem, type Problem } from '../problem/problem.ts'
import { readSettings } from '../url/settings.ts'
import type { ServerTarget } from '../url/target.ts'
import { detectPlatform } from './platforms.ts'
import type { Environment } from './environment.ts'

/** Warns where a program in a container looks for its database inside that container, which is rarely meant. */
export function localhostWarning(
  target: ServerTarget,
  subject: string,
  env: Environment,
  marks?: readonly string[],
): Problem[] {
  const read = readSettings(target)
  const local = read.ok && read.settings.hosts.find(({ address }) => isLocal(address))
  if (!local) return []
  const platform = detectPlatform(env, marks)
  if (!platform.isContainer) return []
  const advice = platform.localhost
  return [problem('localhost-in-container', { subject, host: local.host, advice })]
}

/**
 * Tells whether a host is the machine, or the container, itself.
 *
 * @param host - a name or an address; an empty one is the default host.
 */
export function isLocal(host: string): boolean {
  return host === '' || host === '::1' || /^(?:localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0)$/i.test(host)
}
