import { problem, type Problem } from '../problem/problem.ts'
import type { ServerTarget } from '../url/target.ts'
import { detectPlatform, isLocal } from './platforms.ts'
import type { Environment } from './environment.ts'

/** Warns where a program in a container looks for its database inside that container, which is rarely meant. */
export function localhostWarning(
  { hosts }: ServerTarget,
  subject: string,
  env: Environment,
  marks?: readonly string[],
): Problem[] {
  const local = hosts.find(({ host }) => isLocal(host))
  if (!local && hosts.length > 0) return []
  const platform = detectPlatform(env, marks)
  if (!platform.isContainer) return []
  return [
    problem('localhost-in-container', {
      subject,
      host: local?.host || 'localhost',
      advice: platform.localhost,
    }),
  ]
}
