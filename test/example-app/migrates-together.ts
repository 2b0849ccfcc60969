import type { Test } from 'tap'
import { send } from './http-client.ts'
import { startApp } from './start-app.ts'

/** Processes that start together migrate once. The URL leads to an empty database. */
export async function migratesTogether(t: Test, url: string): Promise<void> {
  const apps = await Promise.all(Array.from({ length: 3 }, async () => startApp({ DATABASE_URL: url })))
  for (const app of apps) {
    t.match((await app.settled()).body, { state: { status: 'connected' } })
    t.equal((await send(app.url, 'GET', '/health/ready')).status, 200)
  }
  await Promise.all(apps.map(async (app) => app.stop()))
  const ran = apps.map((app) => app.output().out.split('"migrated"').length - 1)
  t.strictSame(
    ran.toSorted((a, b) => a - b),
    [0, 0, 1],
    'only one of them migrated',
  )
}
