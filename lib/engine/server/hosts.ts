import { isAbsolute } from 'node:path'
import type { ServerTarget } from '../../url/target.ts'
import { readParameters } from './parameters.ts'
import type { DialHost, ServerDialect } from './server-dialect.ts'

const socketParameters = ['socketpath', 'unix_socket', 'socket']

/** The hosts that a URL names, in its order; the default one where it names none. */
export function hostsOf(
  { hosts, params }: ServerTarget,
  { defaultHost }: ServerDialect,
): readonly DialHost[] {
  const texts = readParameters(params)
  const socket = socketParameters.map((name) => texts.get(name)).find((path) => path && isAbsolute(path))
  if (socket) return [{ host: socket, address: socket, port: defaultHost.port }]
  const addresses = texts.get('hostaddr')?.split(',') ?? []
  const named = hosts.length > 0 ? hosts : addresses.map(() => ({ host: '', port: defaultHost.port }))
  return (named.length > 0 ? named : [defaultHost]).map(({ host, port }, index) => {
    const address = addresses[index]
    const name = host || address || defaultHost.host
    return { host: name, address: address || name, port }
  })
}

/** The order in which hosts are tried: that of the URL, beginning with the one in use, or any (`load_balance_hosts=random`). */
export function orderOf(count: number, first: number, { params }: ServerTarget): number[] {
  const order = Array.from({ length: count }, (_, index) => (first + index) % count)
  if (readParameters(params).get('load_balance_hosts')?.toLowerCase() !== 'random') return order
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}
