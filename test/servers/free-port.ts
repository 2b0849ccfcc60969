import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { serversFolder } from './server-folder.js'

/** Below the ports that the system gives to outgoing connections, which could take a free one before a server does. */
const [lowest, highest] = [10_000, 32_000]

/** Which process has which port: between a look at a port and the start of a server there, another one could take it. */
const reservations = join(serversFolder, `failsoft-${userInfo().username}-ports`)
const own: string[] = []
process.once('exit', () => own.forEach((path) => rmSync(path, { force: true })))

/** A port of 127.0.0.1 that nothing listens on, for this process alone until it ends. */
export async function freePort(): Promise<number> {
  const port = lowest + Math.floor(Math.random() * (highest - lowest))
  return reserve(port) && (await isFree(port)) ? port : freePort()
}

function reserve(port: number): boolean {
  const path = join(reservations, String(port))
  mkdirSync(reservations, { recursive: true })
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
  } catch {
    if (!isAlive(path)) rmSync(path, { force: true })
    return false
  }
  own.push(path)
  return true
}

/** Whether the process is there that has a port. */
function isAlive(path: string): boolean {
  try {
    return process.kill(Number(readFileSync(path, 'utf8')), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
