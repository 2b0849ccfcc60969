import { startPostgres } from '#test/servers/postgres.js'
import { alone, type Figure } from '../figure.ts'
import { runLoad } from '../load.ts'
import type { Effort, Part } from '../part.ts'
import { startService } from '../service.ts'
import { shipped } from '../shipped.ts'

/** How fast requests are refused while the primary is away: at boot, and after it was there. */
export const downPart: Part = {
  title: 'answers while the primary is down, 32 connections',
  async measure(effort) {
    const { exampleApp } = await shipped()
    const postgres = await startPostgres()
    const env = { DATABASE_URL: postgres.url, DATABASE_FALLBACK: 'never' }
    try {
      const connected = await startService({ file: exampleApp, env })
      await postgres.stop()
      const refused = { path: '/tasks', status: 503 }
      const never = await startService({ file: exampleApp, env, ready: refused })
      const figures = [
        await p99('p99 after the primary was lost', connected.url, effort),
        await p99('p99 where it never answered', never.url, effort),
      ]
      await Promise.all([connected.stop(), never.stop()])
      return figures
    } finally {
      await postgres.remove()
    }
  },
}

async function p99(name: string, url: string, { quick }: Effort): Promise<Figure> {
  const values: number[] = []
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    const { p99Ms } = await runLoad({ url, seconds: quick ? 1 : 3, expected: (status) => status === 503 })
    values.push(p99Ms)
  }
  return alone(name, 'ms', values, { most: 50 })
}
