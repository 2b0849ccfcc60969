import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { startApp } from '../../example-app/start-app.ts'

const head = 'POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const slow = [
  { name: 'nothing is sent', text: '', want: /^$| 408 / },
  { name: 'a head that is never finished', text: head, want: / 408 / },
  {
    name: 'a body that is never finished',
    text: `${head}Content-Length: 100\r\n\r\n{"title":`,
    want: / 408 /,
  },
]

void t.test('who is too slow is cut off after 10 seconds', async (t) => {
  const app = await startApp()
  t.teardown(async () => app.stop())
  const talks = slow.map(async ({ text }) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => void (answer += String(chunk)))
    await once(socket, 'connect')
    const started = performance.now()
    socket.write(text)
    await once(socket, 'close')
    return { answer, ms: performance.now() - started }
  })
  for (const [index, { answer, ms }] of (await Promise.all(talks)).entries()) {
    const { name, want } = slow[index]!
    t.match(answer, want, name)
    t.ok(ms > 9_000 && ms < 20_000, `${name}: ${Math.round(ms)} ms`)
  }
})
