import { ifStill, pathOf, request } from './api.js'
import { busyWith, copyOf, showText } from './dom.js'
import { edit } from './task-editor.js'

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/**
 * One task of the list, with what can be done to it.
 *
 * @param events - `changed(task, focusOn, hint)` and `deleted(task)`, called with what the service has.
 */
export function taskItem(task, events) {
  const item = copyOf('task-template')
  const check = item.querySelector('.check')
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

  // Busy until an answer is there: what is clicked meanwhile was meant for what is about to change.
  const whenBusy = (event) => {
    if (item.ariaBusy !== 'true') return
    event.preventDefault()
    event.stopPropagation()
  }
  item.addEventListener('click', whenBusy, { capture: true })
  check.addEventListener('change', () => busyWith(item, complete(item, task, events)))
  item
    .querySelector('[data-action=delete]')
    .addEventListener('click', () => busyWith(item, remove(task, events)))
  item.querySelector('[data-action=edit]').addEventListener('click', () => edit(item, task, events))
  return item
}

async function complete(item, task, events) {
  const check = item.querySelector('.check')
  try {
    events.changed(await request('PATCH', pathOf(task), { completed: check.checked }), '.check')
  } catch (failure) {
    check.checked = task.completed
    throw failure
  }
}

async function remove(task, events) {
  try {
    await request('DELETE', pathOf(task), undefined, ifStill(task))
    events.deleted(task)
  } catch (failure) {
    // Who deletes what is gone has what he wanted.
    if (failure.status === 404) events.deleted(task)
    else if (failure.status === 412) await showChange(task, events)
    else throw failure
  }
}

async function showChange(task, events) {
  const hint = 'Somebody changed this task meanwhile. Press Delete again if it is to go all the same.'
  events.changed(await request('GET', pathOf(task)), '[data-action=delete]', hint)
}
