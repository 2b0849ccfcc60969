import { request } from './api.js'
import { copyOf, showFieldError, showText } from './dom.js'

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/**
 * One task of the list, with what can be done to it.
 *
 * @param events - `changed(task)` and `deleted(task)`, called once the service has said yes.
 */
export function taskItem(task, events) {
  const item = copyOf('task-template')
  const check = item.querySelector('.check')
  const error = item.querySelector('.error')
  item.dataset.id = task.id
  item.classList.toggle('done', task.completed)
  item.querySelector('.task-title').textContent = task.title
  showText(item.querySelector('.task-description'), task.description)
  const time = item.querySelector('.task-time')
  time.dateTime = task.createdAt
  time.textContent = timeFormat.format(new Date(task.createdAt))
  check.checked = task.completed
  check.setAttribute('aria-label', `${task.title}: completed`)
  for (const button of item.querySelectorAll('[data-action]')) {
    button.setAttribute('aria-label', `${button.textContent} ${task.title}`)
  }

  check.addEventListener('change', async () => {
    try {
      events.changed(await request('PATCH', `/tasks/${task.id}`, { completed: check.checked }), '.check')
    } catch (failure) {
      check.checked = task.completed
      error.textContent = failure.message
    }
  })
  item.querySelector('[data-action=delete]').addEventListener('click', async () => {
    try {
      await request('DELETE', `/tasks/${task.id}`)
      events.deleted(task)
    } catch (failure) {
      // Who deletes what is gone has what he wanted.
      if (failure.status === 404) events.deleted(task)
      else error.textContent = failure.message
    }
  })
  item.querySelector('[data-action=edit]').addEventListener('click', () => edit(item, task, events))
  return item
}

function edit(item, task, events) {
  const form = copyOf('editor-template')
  const { title, description } = form.elements
  const error = form.querySelector('.error')
  const parts = [...item.children]
  form.setAttribute('aria-label', `Edit ${task.title}`)
  title.value = task.title
  description.value = task.description

  const close = () => {
    item.replaceChildren(...parts)
    item.querySelector('[data-action=edit]').focus()
  }
  form.querySelector('[data-action=cancel]').addEventListener('click', close)
  form.addEventListener('keydown', (event) => {
    // While an input method composes, the key is for that.
    if (event.key === 'Escape' && !event.isComposing) close()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    try {
      const change = { title: title.value, description: description.value }
      events.changed(await request('PATCH', `/tasks/${task.id}`, change), '[data-action=edit]')
    } catch (failure) {
      showFieldError(error, title, failure.message)
      title.focus()
    }
  })
  item.replaceChildren(form)
  title.focus()
}
