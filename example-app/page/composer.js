import { request } from './api.js'
import { byId, showFieldError } from './dom.js'

/** The form for a new task. Calls back with each task that was made. */
export function startComposer(onCreated) {
  const form = byId('composer')
  const { title, description } = form.elements
  const error = byId('new-error')

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    title.focus()
    if (!title.value.trim()) {
      showFieldError(error, title, 'Write what needs doing first.')
      return
    }
    const sent = { title: title.value, description: description.value }
    // At once, so that the next task can be written while this one is on its way.
    form.reset()
    showFieldError(error, title, '')
    try {
      onCreated(await request('POST', '/tasks', sent))
    } catch (failure) {
      giveBack(sent, failure)
    }
  })

  function giveBack(sent, { message }) {
    const isWriting = title.value || description.value
    if (!isWriting) {
      title.value = sent.title
      description.value = sent.description
    }
    showFieldError(error, title, isWriting ? `“${sent.title}” was not added: ${message}` : message)
  }
  title.addEventListener('input', () => showFieldError(error, title, ''))
}
