import type { ServerKind } from './dialects/kind.ts'
import type { HostPort } from './target.ts'

/** A host, and where it is dialed: the same, unless the URL gives its address apart (`hostaddr`). */
export interface DialHost extends HostPort {
  readonly address: string
}

/** What a URL says of where the server is. */
interface Places {
  readonly hosts: readonly HostPort[]
  readonly addresses: readonly string[]
  readonly socketPath: string | undefined
}

/** The hosts that a URL names, in its order; the default one where it names none. */
export function dialHosts(
  { hosts, addresses, socketPath }: Places,
  { defaultPort }: ServerKind,
): readonly DialHost[] {
  const local = { host: 'localhost', port: defaultPort }
  if (socketPath) return [{ host: socketPath, address: socketPath, port: defaultPort }]
  const named = hosts.length > 0 ? hosts : addresses.map(() => ({ ...local, host: '' }))
  return (named.length > 0 ? named : [local]).map(({ host, port }, index) => {
    const address = addresses[index]
    const name = host || address || local.host
    return { host: name, address: address || name, port }
  })
}
