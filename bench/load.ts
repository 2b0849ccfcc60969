import autocannon from 'autocannon'

/** As many as a busy small service sees at once. */
const busy = 32

/** What to ask for, over and over. */
export interface Load {
  readonly url: string
  readonly paths?: readonly string[]
  /** Sent with POST, where it is given. */
  readonly body?: object
  readonly seconds?: number
  /** Ends after so many requests instead. */
  readonly amount?: number
  /** How many ask at once. Default: 32. */
  readonly atOnce?: number
  /** The statuses that are right. Default: the good ones. */
  readonly expected?: (status: number) => boolean
}

/** What came of it. */
export interface LoadOutcome {
  readonly requestsPerSecond: number
  /** How many were answered well. */
  readonly requests: number
  readonly p99Ms: number
}

/** Keeps connections busy. Throws where an answer is not the expected one: wrong answers are fast. */
export async function runLoad(load: Load): Promise<LoadOutcome> {
  const { url, paths = ['/tasks'], body, seconds = 3, amount, atOnce = busy, expected = isGood } = load
  const post = body && {
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const result = await autocannon({
    url,
    connections: atOnce,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    requests: paths.map((path) => ({ path, ...post })),
  })
  const statuses = Object.keys(result.statusCodeStats ?? {}).map(Number)
  const wrong = statuses.filter((status) => !expected(status))
  if (result.errors > 0 || wrong.length > 0 || statuses.length === 0)
    throw new Error(`${url}${paths[0]}: ${result.errors} errors, wrong answers: ${wrong.join(', ')}`)
  const requests = result['2xx']
  return { requestsPerSecond: requests / result.duration, requests, p99Ms: result.latency.p99 }
}

/**
 * Creates tasks, and returns the paths of some of them. One at a time, as a service begins that is not under load at once: where many
 * requests are under way while nothing is compiled yet, V8 may take all that they make for long-lived, for as long as the process runs.
 */
export async function seed(url: string, count: number): Promise<string[]> {
  await runLoad({ url, amount: count, atOnce: 1, body: newTask })
  const answer = await fetch(`${url}/tasks?limit=50`)
  const { items } = (await answer.json()) as { items: readonly { id: string }[] }
  return items.map(({ id }) => `/tasks/${id}`)
}

/** A task of an ordinary size. */
export const newTask: Readonly<Record<string, string>> = {
  title: 'Water the plants',
  description: 'The ones on the balcony too, and not too much. '.repeat(4),
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300
}
