import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { plainNode } from '../plain-node.ts'

/** A network of its own before a server, which can be cut in two. */
export interface Partition {
  readonly host: string
  readonly port: number
  /** Loses every packet that comes back, also the answers to new connections. */
  lose(): void
  /** Loses none any more. */
  heal(): void
  remove(): Promise<void>
}

const relay = `
  const { connect, createServer } = require('node:net')
  const server = createServer((client) => {
    const upstream = connect(process.argv[1])
    for (const [from, to] of [[client, upstream], [upstream, client]])
      from.on('data', (data) => to.write(data)).on('close', () => to.destroy()).on('error', () => from.destroy())
  })
  server.listen(4000, '0.0.0.0', () => console.log('listening'))`

/**
 * Puts a network namespace before a server's Unix socket.
 *
 * @param index - a number below 200 that no other network of this machine has.
 * @returns the network, or why there is none: it needs root, and the rights of it.
 */
export async function startPartition(
  socket: string,
  index: number,
): Promise<Partition | { readonly skip: string }> {
  const [space, outer, inner] = [`failsoft-${index}`, `fs-out-${index}`, `fs-in-${index}`]
  const host = `10.213.${index}.2`
  const ip = (...args: readonly string[]): unknown => execFileSync('ip', args, { stdio: 'pipe' })
  const within = (...args: readonly string[]): unknown => ip('netns', 'exec', space, ...args)
  const remove = (): unknown => ip('netns', 'del', space)
  try {
    ip('netns', 'add', space)
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', space)
    ip('addr', 'add', `10.213.${index}.1/24`, 'dev', outer)
    ip('link', 'set', outer, 'up')
    within('ip', 'addr', 'add', `${host}/24`, 'dev', inner)
    within('ip', 'link', 'set', inner, 'up')
    // A queue without room.
    within('tc', 'qdisc', 'add', 'dev', inner, 'root', 'pfifo', 'limit', '0')
    within('tc', 'qdisc', 'del', 'dev', inner, 'root')
  } catch (error) {
    return { skip: `no network namespace: ${(error as Error).message}` }
  }
  const [node, args] = plainNode('-e', relay, socket)
  const child = spawn('ip', ['netns', 'exec', space, node, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  return {
    host,
    port: 4000,
    lose: () => void within('tc', 'qdisc', 'add', 'dev', inner, 'root', 'pfifo', 'limit', '0'),
    heal: () => void within('tc', 'qdisc', 'del', 'dev', inner, 'root'),
    remove: async () => {
      child.kill('SIGKILL')
      await exited
      remove()
    },
  }
}
