import { ifStill, pathOf, request } from './api.js'
import { busyWith, copyOf, showFieldError } from './dom.js'

/** Lets the visitor write in a task, in its place in the list. */
export function edit(item, task, events) {
  const form = copyOf('editor-template')
  const { title, description } = form.elements
  const parts = [...item.children]
  const editing = { form, seen: task, events }
  form.setAttribute('aria-label', `Edit ${task.title}`)
  title.value = task.title
  description.value = task.description

  const close = () => {
    // What somebody else wrote meanwhile is kept, and shown.
    if (editing.seen !== task) return events.changed(editing.seen, '[data-action=edit]')
    item.replaceChildren(...parts)
    item.querySelector('[data-action=edit]').focus()
  }
  form.querySelector('[data-action=cancel]').addEventListener('click', close)
  form.addEventListener('keydown', (event) => {
    // While an input method composes, the key is for that.
    if (event.key === 'Escape' && !event.isComposing) close()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void busyWith(item, save(editing))
  })
  item.replaceChildren(form)
  title.focus()
}

async function save(editing) {
  const { form, seen, events } = editing
  const { title, description } = form.elements
  try {
    const change = { title: title.value, description: description.value }
    events.changed(await request('PATCH', pathOf(seen), change, ifStill(seen)), '[data-action=edit]')
  } catch (failure) {
    const says = failure.status === 412 ? await lookAgain(editing) : failure.message
    if (!says) return save(editing)
    showFieldError(form.querySelector('.error'), title, says)
    if (form.contains(document.activeElement)) title.focus()
  }
}

/** Reads what the task is by now, and says so; nothing where its texts are still those that the visitor has seen. */
async function lookAgain(editing) {
  const { title, description } = editing.seen
  const seen = await request('GET', pathOf(editing.seen))
  editing.seen = seen
  if (seen.title === title && seen.description === description) return ''
  const texts = [seen.title, seen.description].filter(Boolean).map((text) => `“${text}”`)
  return `Somebody changed this task meanwhile to ${texts.join(', ')}. Save again to replace that, or cancel to keep it.`
}
