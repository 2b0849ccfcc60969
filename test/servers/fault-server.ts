import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { refusedPort } from './refused-port.js'

/** A server that is none. */
export interface FaultServer {
  readonly port: number
  close(): Promise<void>
}

/** How a server can fail whoever connects to it. */
export type Fault = 'refuses' | 'is silent' | 'closes' | 'resets' | 'speaks HTTP'

const answers: Readonly<Record<Exclude<Fault, 'refuses' | 'speaks HTTP'>, (socket: Socket) => void>> = {
  'is silent': () => {},
  closes: (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
}

/** Starts a server with a fault, on a free port of 127.0.0.1. */
export async function startFaultServer(fault: Fault): Promise<FaultServer> {
  if (fault === 'refuses') return { port: refusedPort, close: async () => {} }
  return await listen(fault === 'speaks HTTP' ? createHttpServer() : createServer(answers[fault]))
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
