import { byId, showFieldError } from './dom.js'

const key = 'api-token'
let token = read()
let asking

/** The token that the visitor has given, or an empty text. */
export function currentToken() {
  return token
}

/**
 * Asks the visitor for the token; one that was given before was not the right one. Who asks while it is being asked for waits for
 * the same answer.
 *
 * @returns whether one was given.
 */
export function askForToken() {
  asking ??= ask().finally(() => (asking = undefined))
  return asking
}

async function ask() {
  const dialog = byId('token-dialog')
  const field = byId('token')
  showFieldError(byId('token-error'), field, token && 'That token is not the right one.')
  token = ''
  field.value = ''
  dialog.returnValue = ''
  dialog.querySelector('button').onclick = () => dialog.close()
  dialog.showModal()
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  if (dialog.returnValue === 'use') token = field.value.trim()
  keep()
  return token !== ''
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
