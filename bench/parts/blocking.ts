import { setTimeout as sleep } from 'node:timers/promises'
import { alone, type Figure } from '../figure.ts'
import { percentile } from '../median.ts'
import { timed, type Effort, type Part } from '../part.ts'
import { driverApp } from '../service.ts'
import { startOnTable } from '../task-table.ts'

/** How long others wait while one request searches a large table: the worst case of a driver that blocks the event loop. */
export const blockingPart: Part = {
  title: 'GET /health/live beside a search that reads every row',
  async measure(effort) {
    const figures: Figure[] = []
    for (const driver of ['better-sqlite3', 'sqlite3']) figures.push(await waits(driver, effort))
    return figures
  },
}

async function waits(driver: string, { quick }: Effort): Promise<Figure> {
  const rows = quick ? 20_000 : 500_000
  const service = await startOnTable({ file: driverApp, env: { DRIVER: driver } }, rows)
  const longest: number[] = []
  for (let round = 0; round < (quick ? 1 : 9); round++) longest.push(await waitsBesideSearch(service.url))
  await service.stop()
  return alone(`${driver}, ${rows} rows, p99`, 'ms', longest)
}

async function waitsBesideSearch(url: string): Promise<number> {
  const over = new AbortController()
  const search = fetch(`${url}/tasks?q=nowhere`).then(async (answer) => answer.json())
  const end = search.finally(() => over.abort())
  const times: number[] = []
  while (!over.signal.aborted) {
    times.push(await timed(async () => (await fetch(`${url}/health/live`)).arrayBuffer()))
    await sleep(2)
  }
  await end
  return percentile(times, 99)
}
