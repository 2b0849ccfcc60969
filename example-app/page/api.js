import { askForToken, currentToken } from './token-dialog.js'

/** Who waits longer for an answer is told that there is none. */
const patienceMs = 30_000

/** An answer that is an error, in words for the visitor. */
export class ApiError extends Error {
  constructor(status, message, code) {
    super(message)
    this.status = status
    this.code = code
  }
}

/**
 * Sends a request. Where the service wants a token for a change, asks for it and sends the request again.
 *
 * @param conditions - headers such as `If-Match`.
 * @throws {ApiError} when the answer is an error, or when there is none (status 0).
 */
export async function request(method, path, body, conditions) {
  let response = await send(method, path, body, conditions)
  while (response.status === 401 && (await askForToken()))
    response = await send(method, path, body, conditions)
  if (!response.ok) throw await toError(response)
  return response.status === 204 ? undefined : response.json()
}

/** Where a task is. */
export const pathOf = ({ id }) => `/tasks/${id}`

/** Lets a change pass only on the task as the visitor has seen it; this is the service's name for it (etag.ts). */
export const ifStill = ({ updatedAt }) => ({ 'If-Match': `"${updatedAt}"` })

async function send(method, path, body, conditions) {
  const headers = new Headers(conditions)
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (currentToken() && method !== 'GET') headers.set('Authorization', `Bearer ${currentToken()}`)
  try {
    const signal = AbortSignal.timeout(patienceMs)
    return await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) })
  } catch {
    throw new ApiError(0, 'The service does not answer. Check your connection and try again.')
  }
}

async function toError(response) {
  const problem = await response.json().catch(() => ({}))
  const [field] = problem.errors ?? []
  const where = field?.pointer?.slice(2) ?? field?.parameter
  const message = field ? `${capital(where)} ${field.detail}.` : problem.detail
  return new ApiError(response.status, message ?? `The service answered ${response.status}.`, problem.code)
}

function capital(text = '') {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
