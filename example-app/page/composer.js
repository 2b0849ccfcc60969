import { request } from './api.js'
import { byId, showFieldError } from './dom.js'

/** The form for a new task. Calls back with each task that was made. */
export function startComposer(onCreated) {
  const form = byId('composer')
  const { title, description } = form.elements
  const error = byId('new-error')
  const button = form.querySelector('button')

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (!title.value.trim()) {
      showFieldError(error, title, 'Write what needs doing first.')
      title.focus()
      return
    }
    button.disabled = true
    try {
      const task = await request('POST', '/tasks', { title: title.value, description: description.value })
      form.reset()
      showFieldError(error, title, '')
      onCreated(task)
    } catch (failure) {
      showFieldError(error, title, failure.message)
    } finally {
      button.disabled = false
      title.focus()
    }
  })
  title.addEventListener('input', () => showFieldError(error, title, ''))
}
