import { request } from './api.js'
import { byId, showText } from './dom.js'
import { taskItem } from './task-item.js'

const pageSize = 20
const undoMs = 15_000
const list = byId('list')
const filter = byId('filter')
const more = byId('more')
let cursor = null
let latest = 0
let typing
let hiding

const events = {
  changed(task, focusOn, hint = '') {
    const old = itemOf(task)
    const item = taskItem(task, events)
    // Who has gone on meanwhile is not called back.
    const isHere = old?.contains(document.activeElement)
    old?.replaceWith(item)
    item.querySelector('.error').textContent = hint
    if (isHere) item.querySelector(focusOn).focus()
  },
  deleted(task) {
    const item = itemOf(task)
    const isHere = item?.contains(document.activeElement)
    const next = item?.nextElementSibling ?? item?.previousElementSibling
    const focusOn = next?.querySelector('.check') ?? byId('new-title')
    item?.remove()
    if (isHere) focusOn.focus()
    showEmpty()
    offerUndo(task)
  },
}

/** Shows a new task: on top, which is its place in the usual order, or wherever the order in use puts it. */
export async function addToList(task) {
  const { sort, q, completed } = filter.elements
  // A page that is on its way may have been read before the task was made.
  const isLoading = list.hasAttribute('aria-busy')
  if (sort.value === '-createdAt' && !q.value && !completed.value && !isLoading) {
    list.prepend(taskItem(task, events))
    showEmpty()
    return
  }
  // Assigning '' to the group's value checks nothing.
  if (completed.value !== String(task.completed)) completed[0].checked = true
  await loadTasks()
}

/** Loads the first page for what the visitor asked to see. */
export async function loadTasks() {
  await load(null)
}

/** Loads it again, unless that would take away what the visitor is writing. */
export async function refreshTasks() {
  if (!list.querySelector('form')) await loadTasks()
}

async function load(after) {
  latest += 1
  const mine = latest
  list.setAttribute('aria-busy', 'true')
  try {
    const page = await request('GET', `/tasks?${queryOf(after)}`)
    // An answer that was overtaken by another question is of no use.
    if (mine !== latest) return
    const isHere = document.activeElement === more
    const items = page.items.map(itemFor)
    if (after) list.append(...items)
    else list.replaceChildren(...items)
    cursor = page.nextCursor
    more.hidden = !cursor
    showError('')
    showEmpty()
    if (after && isHere) items[0]?.querySelector('.check').focus()
  } catch (failure) {
    if (mine === latest) showError(failure.message)
  } finally {
    if (mine === latest) list.removeAttribute('aria-busy')
  }
}

function queryOf(after) {
  const query = new URLSearchParams({ limit: pageSize })
  for (const [name, value] of new FormData(filter)) if (value) query.set(name, value)
  if (after) query.set('cursor', after)
  return query
}

/** The item for a task. One in which the visitor is writing stays as it is. */
function itemFor(task) {
  const old = itemOf(task)
  return old?.querySelector('form') ? old : taskItem(task, events)
}

function itemOf(task) {
  return list.querySelector(`[data-id="${task.id}"]`)
}

function showError(message) {
  byId('list-error').hidden = !message
  byId('list-error').firstElementChild.textContent = message
}

function showEmpty() {
  const isFiltered = filter.elements.q.value || filter.elements.completed.value
  // A search looks at so many tasks and no more; whether to go on is the visitor's choice.
  const none = cursor ? 'No task matches so far.' : 'No task matches.'
  const text = isFiltered ? none : 'Nothing to do. Add the first task above.'
  showText(byId('empty'), list.children.length > 0 ? '' : text)
  more.textContent = list.children.length > 0 ? 'Show more' : 'Search on'
}

function offerUndo(task) {
  clearTimeout(hiding)
  hiding = setTimeout(() => (byId('notice').hidden = true), undoMs)
  const notice = byId('notice')
  notice.firstElementChild.textContent = `Deleted “${task.title}”.`
  notice.hidden = false
  notice.querySelector('button').onclick = async () => {
    notice.hidden = true
    const { title, description, completed } = task
    try {
      await addToList(await request('POST', '/tasks', { title, description, completed }))
    } catch (failure) {
      showError(failure.message)
    }
  }
}

filter.addEventListener('input', (event) => {
  clearTimeout(typing)
  typing = setTimeout(loadTasks, event.target.type === 'search' ? 200 : 0)
})
filter.addEventListener('submit', (event) => event.preventDefault())
more.addEventListener('click', () => load(cursor))
byId('list-error').querySelector('button').addEventListener('click', loadTasks)
