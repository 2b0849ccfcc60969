import type { ServerTarget } from '../url/target.ts'
import { firstSet } from './components.ts'
import type { Source } from './config.ts'
import type { Search } from './find-source.ts'
import { componentFamilies, type ComponentFamily } from './variables.ts'

/** The families whose variables are about a target beside its address: those of its kind of server that name no other host. */
export function familiesBeside(
  { env }: Search,
  { name }: Source,
  target: ServerTarget,
): readonly ComponentFamily[] {
  const hosts = new Set(target.hosts.map(({ host }) => host.toLowerCase()))
  return componentFamilies.filter(({ scheme = target.dialect, host }) => {
    const named = firstSet(env, host)
    const isKind = (scheme === 'mysql') === (target.dialect === 'mysql')
    // The parts of the address itself have been read.
    return (
      isKind && named !== name && (named === undefined || hostsIn(env[named]).some((one) => hosts.has(one)))
    )
  })
}

function hostsIn(value: unknown): readonly string[] {
  const list = String(value).toLowerCase().split(',')
  return list.map((one) =>
    one
      .trim()
      .replace(/^["']|["']$/g, '')
      .replace(/:\d+$/, ''),
  )
}
