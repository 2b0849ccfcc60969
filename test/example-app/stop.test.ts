import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { send, type Answer } from './http-client.ts'
import { newFolder, startApp } from './start-app.ts'

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
  t.ok(ms < 8_000, `took ${Math.round(ms)} ms`)
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
  const app = await startApp({ DRAIN_DEADLINE_MS: '1000' })
  await app.settled()
  const { port } = new URL(app.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(
    'POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
  )
  t.equal((await send(app.url, 'GET', '/health/ready')).status, 200)
  const { code, ms } = await app.stop('SIGTERM')
  t.equal(code, 0)
  t.ok(ms > 900 && ms < 3_000, `took ${Math.round(ms)} ms`)
  t.ok(socket.destroyed || socket.readableEnded || (await once(socket, 'close')))
})
