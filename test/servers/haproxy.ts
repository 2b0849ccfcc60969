import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.js'

/** A private HAProxy in front of one server. */
export interface Haproxy {
  readonly port: number
  remove(): Promise<void>
}

/** Starts one on a free port of 127.0.0.1, where it is installed; else says why not. */
export async function startHaproxy(backendPort: number): Promise<Haproxy | { readonly skip: string }> {
  if (spawnSync('haproxy', ['-v']).error) return { skip: 'haproxy is not installed' }
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-haproxy-'))
  const port = await freePort()
  const config = join(directory, 'haproxy.cfg')
  writeFileSync(
    config,
    [
      'defaults',
      '  mode tcp',
      '  timeout connect 1s',
      '  timeout client 1m',
      '  timeout server 1m',
      '  retries 0',
      'listen database',
      `  bind 127.0.0.1:${port}`,
      `  server one 127.0.0.1:${backendPort}`,
      '',
    ].join('\n'),
  )
  const server = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  await listening(port)
  return {
    port,
    remove: async () => {
      server.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(20)
  }
  throw new Error('haproxy did not start')
}
