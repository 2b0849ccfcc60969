import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compared, skipped, type Figure } from '../figure.ts'
import { runLoad, seed } from '../load.ts'
import { inTurns, type Effort, type Part } from '../part.ts'
import { bareApp, startService, temporaryDirectory, type Program } from '../service.ts'
import { shipped } from '../shipped.ts'

/** How much memory the app holds when it has served one request, and whether that grows. */
export const memoryPart: Part = {
  title: 'memory, on SQLite',
  async measure(effort) {
    if (process.platform !== 'linux')
      return [skipped('memory', 'another process shows its memory on Linux only')]
    const { exampleApp } = await shipped()
    const own = { file: exampleApp, env: { DATABASE_URL: `sqlite:///${database()}` } }
    const bare = { file: bareApp, env: { DATABASE: database() } }
    const equipped = { file: bareApp, env: { DATABASE: database(), EQUIPPED: '1' } }
    const subjects = [own, bare, equipped].map((program) => async () => idle(program, effort))
    const [ours = [], peer = [], dressed = []] = await inTurns(effort.quick ? 1 : 7, subjects)
    return [
      compared('idle, beside the bare app', 'MiB', [ours, peer], { most: 1.1 }),
      compared('idle, beside the bare app with log and headers', 'MiB', [ours, dressed]),
      await growth(own, effort),
    ]
  },
}

function database(): string {
  return join(temporaryDirectory(), 'app.db')
}

async function idle(program: Program, { quick }: Effort): Promise<number> {
  const service = await startService(program)
  await sleep(quick ? 200 : 2_000)
  const resident = service.residentMiB()
  await service.stop()
  return resident
}

/** Of 200,000 requests the first quarter warms up; the second and the last are compared. */
async function growth(program: Program, { quick }: Effort): Promise<Figure> {
  const quarter = quick ? 500 : 50_000
  const service = await startService(program)
  const paths = ['/tasks', ...(await seed(service.url, 100)).slice(0, 9)]
  const resident: number[] = []
  for (let count = 0; count < 4; count++) {
    await runLoad({ url: service.url, paths, amount: quarter })
    resident.push(service.residentMiB())
  }
  await service.stop()
  const [, early = Number.NaN, , late = Number.NaN] = resident
  return compared(`after ${quarter * 4} requests, beside after half`, 'MiB', [[late], [early]], { most: 1.1 })
}
