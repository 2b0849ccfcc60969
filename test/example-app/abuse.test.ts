import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { send } from './http-client.ts'
import { startApp } from './start-app.ts'

const app = await startApp()
await app.settled()
t.teardown(async () => app.stop())
const head = 'POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const task = '{"title":"abuse"}'

/** Writes to the service as no client should, and reads what comes back until it closes. */
async function talk(
  text: string,
  after: 'wait' | 'end' | 'destroy' = 'wait',
  afterAnswer: string = '',
): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => void (answer += String(chunk)))
  socket.on('error', () => {})
  if (afterAnswer) socket.once('data', () => socket.write(afterAnswer))
  await once(socket, 'connect')
  socket.write(text, () => {
    if (after === 'end') socket.end()
    if (after === 'destroy') socket.destroy()
  })
  await once(socket, 'close')
  return answer
}

const broken = [
  {
    name: 'half a body, then the end',
    text: `${head}Content-Length: 100\r\n\r\n{`,
    after: 'end',
    want: /^$| 400 /,
  },
  {
    name: 'half a body, then gone',
    text: `${head}Content-Length: 100\r\n\r\n{`,
    after: 'destroy',
    want: /^$/,
  },
  {
    name: 'a length that is too small',
    text: `${head}Content-Length: 5\r\nConnection: close\r\n\r\n${task}`,
    want: / 400 /,
  },
  { name: 'a length that is no number', text: `${head}Content-Length: x\r\n\r\n${task}`, want: / 400 / },
  {
    name: 'two lengths',
    text: `${head}Content-Length: 5\r\nContent-Length: 9\r\n\r\n${task}`,
    want: / 400 /,
  },
  { name: 'a bad chunk', text: `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, want: / 400 / },
  { name: 'no host', text: 'GET /tasks HTTP/1.1\r\nConnection: close\r\n\r\n', want: / 400 / },
  {
    name: 'two hosts',
    text: 'GET /tasks HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n',
    want: / 400 /,
  },
  {
    name: 'a target without a path',
    text: 'GET http://?q=private-words HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    want: / 400 /,
  },
  { name: 'no HTTP', text: '\0\x01\x02 rubbish\r\n\r\n', want: / 400 / },
  { name: 'a huge head', text: `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`, want: / 431 / },
  {
    name: 'a body without end',
    text: `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${`3e8\r\n${' '.repeat(1_000)}\r\n`.repeat(150)}`,
    want: / 413 /,
  },
] as const

void t.test('broken requests get a 4xx', async (t) => {
  // All at once: what is slow holds up nobody.
  const talks = broken.map(async ({ text, ...rest }) => talk(text, 'after' in rest ? rest.after : 'wait'))
  const answers = await Promise.all(talks)
  for (const [index, { name, want }] of broken.entries()) {
    t.match(answers[index], want, name)
    t.notMatch(answers[index], / 2\d\d | 5\d\d /, name)
    if (answers[index]) t.match(answers[index], /^cache-control: no-store\r$/im, name)
  }
})

void t.test('what need not be understood is answered', async (t) => {
  const asked = [
    'GET /tasks HTTP/1.0\r\n\r\n',
    'GET /tasks HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
  ]
  for (const answer of await Promise.all(asked.map((text) => talk(text))))
    t.match(answer, /^HTTP\/1.1 200 [^]*^cache-control: /im)
})

void t.test('rubbish behind a request does not get into its answer', async (t) => {
  const answer = await talk('GET /database/events HTTP/1.1\r\nHost: x\r\n\r\n', 'wait', '\0 rubbish\r\n\r\n')
  t.match(answer, /^HTTP\/1.1 200 /)
  t.equal(answer.match(/HTTP\/1.1/g)?.length, 1)
})

void t.test('costs nothing else', async (t) => {
  const unfinished = Array.from({ length: 200 }, () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    socket.write(`${head}Content-Length: 100\r\n\r\n{`)
    return socket
  })
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => send(app.url, 'POST', '/tasks', { title: 'ordinary' })),
  )
  t.ok(answers.every(({ status }) => status === 201))
  for (const socket of unfinished) socket.destroy()
  const { body } = await send(app.url, 'GET', '/tasks?q=abuse&count=true')
  t.match(body, { total: 0 }, 'nothing of it was stored')
  t.equal(app.output().err, '')
  t.notMatch(app.output().out, /private-words/, 'no query is logged')
  t.equal(app.output().out.match(/"level":[56]0/g), null, 'and nothing of it is an error of the service')
})
