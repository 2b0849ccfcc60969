import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { startFaultServer } from '#test/servers/fault-server.js'
import { alone, type Figure } from '../figure.ts'
import type { Part } from '../part.ts'
import { temporaryDirectory } from '../service.ts'

const program = fileURLToPath(new URL('../programs/boot.js', import.meta.url))
const connectTimeoutMs = 500

const cases = [
  { fault: 'refuses', mostMs: 150 },
  { fault: 'is silent', mostMs: connectTimeoutMs + 150 },
] as const

/** From opening to the first answer of the fallback, where the primary is away, with everything still to be loaded. */
export const bootPart: Part = {
  title: 'primary away → serving on SQLite',
  async measure({ quick }) {
    const figures: Figure[] = []
    for (const { fault, mostMs } of cases) {
      for (const scheme of ['postgres', 'mysql']) {
        const server = await startFaultServer(fault)
        const times: number[] = []
        for (let round = 0; round < (quick ? 2 : 15); round++)
          times.push(await bootMs(`${scheme}://u:p@127.0.0.1:${server.port}/d`))
        await server.close()
        const bound = fault === 'is silent' ? `, connect timeout ${connectTimeoutMs} ms` : ''
        figures.push(alone(`${scheme} that ${fault}${bound}`, 'ms', times, { most: mostMs }))
      }
    }
    return figures
  },
}

async function bootMs(url: string): Promise<number> {
  const cwd = temporaryDirectory()
  const { stdout } = await promisify(execFile)(process.execPath, [program, url, String(connectTimeoutMs)], {
    cwd,
    env: { PATH: process.env['PATH'] },
  })
  const { milliseconds, status } = JSON.parse(stdout) as { milliseconds: number; status: string }
  if (status !== 'fallback') throw new Error(`expected the fallback, found ${status}`)
  return milliseconds
}
