export interface Answer {
  readonly status: number
  readonly headers: Headers
  // Whatever the service said: the tests compare it.
  readonly body: unknown
}

/** Sends one request, and reads its answer whole. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers = {},
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, ...sent, headers: { ...type, ...headers } })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text,
  }
}
