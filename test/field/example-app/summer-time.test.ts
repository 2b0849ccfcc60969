import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { send } from '../../example-app/http-client.ts'
import { newFolder, startApp, type StartedApp } from '../../example-app/start-app.ts'
import { startMariadb } from '../../servers/mariadb.ts'
import { startPostgres } from '../../servers/postgres.ts'

interface Task {
  readonly id: string
  readonly title: string
  readonly createdAt: string
  readonly updatedAt: string
}

const changes = {
  'into summer time': '2026-03-08T07:00:00.000Z',
  // The hour before it comes twice.
  'out of summer time': '2026-11-01T06:00:00.000Z',
}

/** Debian's package: the program of the same name would stand between the app and its signals. */
const clock = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path))

/** The app on a clock that comes to the change so many seconds after the start. */
async function startBefore(
  t: Test,
  change: string,
  leadS: number,
  env: Record<string, string>,
  folder: string,
): Promise<StartedApp> {
  const offsetS = Math.round((Date.parse(change) - Date.now()) / 1000) - leadS
  const shown = offsetS < 0 ? `${offsetS}s` : `+${offsetS}s`
  const set = ['-u', 'NODE_OPTIONS', `LD_PRELOAD=${clock}`, `FAKETIME=${shown}`, process.execPath]
  const node = (...args: readonly string[]): [string, string[]] => ['/usr/bin/env', [...set, ...args]]
  const app = await startApp({ ...env, TZ: 'America/New_York' }, folder, node)
  t.teardown(() => app.process.kill('SIGKILL'))
  await app.settled()
  return app
}

async function create(app: StartedApp, title: string): Promise<Task> {
  return (await send(app.url, 'POST', '/tasks', { title })).body as Task
}

async function list(app: StartedApp): Promise<readonly Task[]> {
  return ((await send(app.url, 'GET', '/tasks?sort=createdAt&limit=100')).body as { items: Task[] }).items
}

/** Writes tasks on both sides of the change, and returns them in the order in which they were written. */
async function writeAcross(app: StartedApp, change: string): Promise<readonly Task[]> {
  const tasks: Task[] = []
  do {
    tasks.push(await create(app, `task ${tasks.length}`))
    await sleep(300)
  } while (tasks.length < 3 || tasks.at(-3)!.createdAt < change)
  return tasks
}

async function crossChange(t: Test, change: string, database: Record<string, string>): Promise<void> {
  const folder = newFolder()
  const env = { NODE_ENV: 'test', ...database }
  let [leadS, written]: [number, readonly Task[]] = [8, []]
  // A slow machine may start it after the change.
  for (; !written[0] || written[0].createdAt >= change; leadS *= 2) {
    const app = await startBefore(t, change, leadS, env, folder)
    for (const { id } of await list(app)) await send(app.url, 'DELETE', `/tasks/${id}`)
    written = await writeAcross(app, change)
    const [first] = written as [Task]
    const changed = (await send(app.url, 'PATCH', `/tasks/${first.id}`, { title: 'changed' })).body as Task
    t.ok(
      changed.updatedAt > change && changed.createdAt === first.createdAt,
      'a task of before is changed after',
    )
    written = [changed, ...written.slice(1)]
    t.strictSame(await list(app), written, 'in the order in which they were written')
    t.equal((await app.stop()).code, 0)
  }
  const later = await startApp({ ...env, TZ: 'Asia/Tokyo' }, folder)
  t.teardown(() => later.stop())
  await later.settled()
  t.strictSame(await list(later), written, 'another process, elsewhere, reads the same')
}

const skip = clock ? false : 'faketime is not installed'
const [postgres, mariadb] = skip ? [] : await Promise.all([startPostgres(), startMariadb()])
if (postgres) t.teardown(() => postgres.remove())
if (mariadb && 'url' in mariadb) t.teardown(() => mariadb.remove())

const databases: Record<string, Record<string, string> | undefined> = {
  SQLite: {},
  PostgreSQL: postgres && { DATABASE_URL: postgres.url },
  MariaDB: mariadb && ('url' in mariadb ? { DATABASE_URL: mariadb.url } : undefined),
}

for (const [name, change] of Object.entries(changes)) {
  for (const [database, env] of Object.entries(databases)) {
    void t.test(
      `${database}, ${name}`,
      { skip: skip || (env ? false : 'mariadbd is not installed') },
      async (t) => {
        await crossChange(t, change, env ?? {})
      },
    )
  }
}
