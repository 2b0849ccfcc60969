import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { countedNode } from '../plain-node.ts'
import { send, type Answer } from './http-client.ts'
import { newFolder, startApp, type StartedApp } from './start-app.ts'

/** From SIGTERM to the end, whatever hangs. */
const mostMs = 9_000

/** A request that is never finished, and that the app has begun to read. */
async function hangingRequest(app: StartedApp): Promise<Socket> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.on('error', () => {})
  const head = 'POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n'
  socket.write(`${head}Expect: 100-continue\r\n\r\n{`)
  await once(socket, 'data')
  return socket
}

void t.test('100 requests in flight at SIGTERM: answered or refused, none lost', async (t) => {
  const DATABASE_URL = `sqlite:${join(newFolder(), 'tasks.db')}`
  const app = await startApp({ DATABASE_URL })
  await app.settled()
  const stream = fetch(`${app.url}/database/events`).then(async (response) => response.text())
  const requests = Array.from({ length: 100 }, async (_, n) =>
    send(app.url, 'POST', '/tasks', { title: `task ${n}` }).catch(() => undefined),
  )
  await requests[0]
  const { code, ms } = await app.stop('SIGTERM')
  t.equal(code, 0)
  t.ok(ms < mostMs, `took ${Math.round(ms)} ms`)
  t.match(await stream, /data:/, 'the event stream ended by itself')
  const answers = (await Promise.all(requests)).filter((answer): answer is Answer => answer !== undefined)
  t.strictSame([...new Set(answers.map(({ status }) => status))], [201])
  t.comment(`${answers.length} answered, ${100 - answers.length} refused, exit after ${Math.round(ms)} ms`)

  const again = await startApp({ DATABASE_URL })
  t.teardown(async () => again.stop())
  for (const { body } of answers) {
    const { id } = body as { id: string }
    t.strictSame((await send(again.url, 'GET', `/tasks/${id}`)).body, body)
  }
})

void t.test('a request that never ends holds the stop up for the deadline only', async (t) => {
  const app = await startApp({ DRAIN_DEADLINE_MS: '1000' }, newFolder(), countedNode)
  await app.settled()
  const socket = await hangingRequest(app)
  const closed = once(socket, 'close')
  const { code, ms } = await app.stop('SIGTERM')
  t.equal(code, 0)
  t.ok(ms > 900 && ms < mostMs, `took ${Math.round(ms)} ms`)
  await closed
})

void t.test('a connection that was opened in advance holds nothing up', async (t) => {
  // Waiting for it would take longer than this test may.
  const app = await startApp({ DRAIN_DEADLINE_MS: '600000' }, newFolder(), countedNode)
  await app.settled()
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  t.equal((await app.stop('SIGTERM')).code, 0)
  await closed
})

void t.test('a second signal ends it at once', async (t) => {
  // Nothing but the second signal ends it within the time of this test.
  const app = await startApp({ DRAIN_DEADLINE_MS: '600000' }, newFolder(), countedNode)
  await app.settled()
  const socket = await hangingRequest(app)
  t.teardown(() => void socket.destroy())
  app.process.kill('SIGINT')
  while (!app.output().out.includes('"msg":"stopping"')) await once(app.process.stdout!, 'data')
  t.equal((await app.stop('SIGINT')).code, 1)
})

void t.test('a reader of the log who goes away, or stands still, holds nothing up', async (t) => {
  const away = await startApp()
  await away.settled()
  away.process.stdout!.destroy()
  t.equal((await send(away.url, 'GET', '/tasks')).status, 200)
  t.equal((await away.stop()).code, 0)

  const still = await startApp()
  await still.settled()
  still.process.stdout!.removeAllListeners('data').pause()
  const path = `/${'x'.repeat(8_000)}`
  // More than a pipe and the log's own patience take.
  for (let n = 0; n < 300; n += 1) t.equal((await send(still.url, 'GET', path)).status, 404)
  const { code, ms } = await still.stop()
  t.equal(code, 0)
  t.ok(ms < mostMs, `took ${Math.round(ms)} ms`)
})
