import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { send } from '../../example-app/http-client.ts'
import { startApp } from '../../example-app/start-app.ts'
import { startMariadb } from '../../servers/mariadb.ts'
import { startPostgres } from '../../servers/postgres.ts'
import { startProxy } from '../../servers/proxy.ts'

t.setTimeout(120_000)

/** From SIGTERM to the end, whatever hangs. */
const mostMs = 9_000

/** Everything hangs: requests, statements, a stream. */
async function stopsInTime(t: Test, url: string): Promise<void> {
  const proxy = await startProxy(Number(new URL(url).port))
  t.teardown(proxy.close)
  const throughProxy = new URL(url)
  throughProxy.port = String(proxy.port)
  const app = await startApp({ DATABASE_URL: throughProxy.href })
  t.match((await app.settled()).body, { state: { status: 'connected' } })
  const stream = fetch(`${app.url}/database/events`).then(async (response) => response.text())
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
  )
  proxy.stall()
  const hanging = Array.from({ length: 30 }, async (_, n) =>
    send(app.url, n % 2 ? 'POST' : 'GET', '/tasks', n % 2 ? { title: 'x' } : undefined).catch(
      () => undefined,
    ),
  )
  t.equal((await send(app.url, 'GET', '/health/live')).status, 200)
  const { code, ms } = await app.stop()
  t.equal(code, 0)
  t.ok(ms < mostMs, `took ${Math.round(ms)} ms`)
  t.comment(`took ${Math.round(ms)} ms`)
  await Promise.all([stream.catch(() => {}), ...hanging])
}

void t.test('PostgreSQL', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  await stopsInTime(t, server.url)
})

void t.test('MariaDB', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(server.remove)
  await stopsInTime(t, server.url)
})
