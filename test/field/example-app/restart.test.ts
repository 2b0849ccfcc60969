import t, { type Test } from 'tap'
import { send } from '../../example-app/http-client.ts'
import { migratesTogether } from '../../example-app/migrates-together.ts'
import { startApp } from '../../example-app/start-app.ts'
import { startMariadb } from '../../servers/mariadb.ts'
import { startPostgres } from '../../servers/postgres.ts'

async function survivesRestart(t: Test, url: string, dialect: string): Promise<void> {
  const first = await startApp({ DATABASE_URL: url })
  t.match((await first.settled()).body, { state: { status: 'connected', dialect } })
  const made = await send(first.url, 'POST', '/tasks', { title: 'kept' })
  t.equal(made.headers.get('x-database-state'), 'connected')
  t.equal((await first.stop()).code, 0)
  const second = await startApp({ DATABASE_URL: url })
  t.teardown(() => second.stop())
  const { id } = made.body as { id: string }
  t.strictSame((await send(second.url, 'GET', `/tasks/${id}`)).body, made.body)
}

void t.test('PostgreSQL: several start together, and tasks survive a restart', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  await migratesTogether(t, server.url)
  await survivesRestart(t, server.url, 'postgres')
})

void t.test('MariaDB: several start together, and tasks survive a restart', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(server.remove)
  await migratesTogether(t, server.url)
  await survivesRestart(t, server.url, 'mysql')
})
