import { Agent, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'

export interface LoadResult {
  readonly requests: number
  /** How often each unexpected answer came. */
  readonly failures: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly medianMs: number
}

/** Keeps each connection busy: create, read, change, list, delete, over and over. */
export async function load(
  url: string,
  options: { connections: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const until = performance.now() + options.seconds * 1_000
  const failures: Record<string, number> = {}
  const times: number[] = []

  const ask = async (method: string, path: string, status: number, body?: object): Promise<string> => {
    const started = performance.now()
    const answer = await send(agent, url, method, path, body).catch((error: NodeJS.ErrnoException) => ({
      status: error.code ?? error.message,
      headers: {} as IncomingMessage['headers'],
    }))
    times.push(performance.now() - started)
    const failure = `${method} ${path.replace(/[0-9a-f-]{36}/, ':id')}: ${answer.status}`
    if (answer.status !== status) failures[failure] = (failures[failure] ?? 0) + 1
    return answer.headers.location ?? ''
  }
  const work = async (n: number) => {
    while (performance.now() < until) {
      const path = await ask('POST', '/tasks', 201, { title: `task ${n}`, description: 'x'.repeat(200) })
      await ask('GET', path, 200)
      await ask('PATCH', path, 200, { completed: true })
      await ask('GET', '/tasks?completed=true&sort=title&limit=10', 200)
      await ask('DELETE', path, 204)
    }
  }
  await Promise.all(Array.from({ length: options.connections }, async (_, n) => work(n)))
  agent.destroy()
  times.sort((a, b) => a - b)
  const medianMs = times[Math.floor(times.length / 2)] ?? 0
  return { requests: times.length, failures, slowestMs: times.at(-1) ?? 0, medianMs }
}

async function send(agent: Agent, url: string, method: string, path: string, body?: object) {
  const text = body && JSON.stringify(body)
  const headers =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': text.length }
  const asked = request(url + path, { agent, method, headers }).end(text)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return { status: answer.statusCode, headers: answer.headers }
}
