import { byId, showFieldError } from './dom.js'

const key = 'api-token'
let token = read()
let asking

/** The token that the visitor has given, or an empty text. */
export function currentToken() {
  return token
}

/**
 * Asks the visitor for the token. Who asks while it is being asked for waits for the same answer.
 *
 * @returns whether one was given.
 */
export function askForToken(error) {
  asking ??= ask(error).finally(() => (asking = undefined))
  return asking
}

async function ask(error) {
  const dialog = byId('token-dialog')
  const field = byId('token')
  field.value = ''
  showFieldError(byId('token-error'), field, error)
  dialog.returnValue = ''
  dialog.showModal()
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  if (dialog.returnValue !== 'use') return false
  token = field.value.trim()
  keep()
  return true
}

// In a frame of another site, a browser may refuse to store anything.
function read() {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function keep() {
  try {
    sessionStorage.setItem(key, token)
  } catch {}
}
