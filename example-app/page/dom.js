/** The element with this id. The page is written with its script: what is asked for is there. */
export function byId(id) {
  return document.getElementById(id)
}

/** A copy of the first element of a template. */
export function copyOf(templateId) {
  return byId(templateId).content.firstElementChild.cloneNode(true)
}

/** A new element with these texts and elements in it; what is empty is left out. */
export function element(tag, ...children) {
  const made = document.createElement(tag)
  made.append(...children.filter(Boolean))
  return made
}

/** Shows a text, or hides its element where there is none. What is there already is not written again: screen readers would say it. */
export function showText(element, text) {
  if (element.textContent !== text) element.textContent = text
  element.hidden = !text
}

/** Says beside a field what is wrong with it; an empty text takes that back. */
export function showFieldError(element, field, text) {
  element.textContent = text
  if (text) field.setAttribute('aria-invalid', 'true')
  else field.removeAttribute('aria-invalid')
}

/** Marks an item as busy until the work is done, and says there what fails. */
export async function busyWith(item, work) {
  item.ariaBusy = 'true'
  try {
    await work
  } catch (failure) {
    item.querySelector('.error').textContent = failure.message
  } finally {
    item.ariaBusy = null
  }
}
