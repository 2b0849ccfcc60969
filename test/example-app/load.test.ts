import { join } from 'node:path'
import t from 'tap'
import { load } from './load.ts'
import { newFolder, startApp } from './start-app.ts'

void t.test('many connections, mixed work, no error', async (t) => {
  const app = await startApp({ DATABASE_URL: `sqlite:${join(newFolder(), 'tasks.db')}` })
  t.teardown(async () => app.stop())
  await app.settled()
  const { requests, failures, slowestMs } = await load(app.url, { connections: 50, seconds: 1 })
  t.strictSame(failures, {})
  t.ok(requests > 50, `${requests} requests`)
  t.comment(`${requests} requests, slowest ${Math.round(slowestMs)} ms`)
})
