import { EventEmitter, once } from 'node:events'
import type { Page } from 'playwright-core'
import t from 'tap'
import { send } from '../../example-app/http-client.ts'
import { memory, openPage, options, tasksOf, titles } from './open-page.ts'

const newTask = async ({ url }: { url: string }) => send(url, 'POST', '/tasks', { title: 'First' })

void t.test('by keyboard alone', options, async (t) => {
  const { page, served } = await openPage(t)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const focused = async () =>
    page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.id')
  await page.getByText('Nothing to do').waitFor()
  await press('Tab', 'Tab', 'Tab')
  t.equal(await focused(), 'new-title')
  await page.keyboard.type('First')
  await press('Enter')
  await page.getByText('First', { exact: true }).waitFor()
  t.equal(await focused(), 'new-title', 'ready to type the next one')
  await page.keyboard.type('Second')
  await press('Enter')
  await page.getByText('Second').waitFor()
  // Add, description, search, All, order, and then the list.
  await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab')
  t.equal(await focused(), 'Second: completed')
  await press('Space')
  await page.locator('.task.done').waitFor()
  t.equal(await focused(), 'Second: completed', 'focus stays where it was')
  await press('Tab', 'Enter')
  await page.getByLabel('Title').waitFor()
  await press('End')
  await page.keyboard.type(' best')
  await press('Enter')
  await page.getByText('Second best').waitFor()
  t.equal(await focused(), 'Edit Second best')
  await press('Enter')
  await page.getByLabel('Title').waitFor()
  await press('Escape')
  t.equal(await focused(), 'Edit Second best')
  await press('Tab', 'Enter')
  await page.getByText('Second best', { exact: true }).waitFor({ state: 'detached' })
  t.equal(await focused(), 'First: completed', 'the next task has the focus')
  t.match(await tasksOf(served), [{ title: 'First' }])
})

/** Holds back the answers to requests with this method; a list is read before it is held. */
async function hold(page: Page, method: 'GET' | 'POST' | 'PATCH' | 'DELETE') {
  const events = new EventEmitter()
  const held = once(events, 'held')
  const released = once(events, 'release')
  await page.route(/\/tasks\b/, async (route) => {
    if (route.request().method() !== method) return route.fallback()
    const response = method === 'GET' ? await route.fetch() : undefined
    events.emit('held')
    const [end] = (await released) as ['answer' | 'fail']
    if (end === 'fail') return route.abort()
    return response ? route.fulfill({ response }) : route.continue()
  })
  return { held, release: (end: 'answer' | 'fail') => events.emit('release', end) }
}

void t.test('what is written while a task is on its way stays', options, async (t) => {
  const { page, served } = await openPage(t)
  await page.getByText('Nothing to do').waitFor()
  const { release } = await hold(page, 'POST')
  await page.getByLabel('New task').fill('First')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Second')
  release('answer')
  await page.getByText('First', { exact: true }).waitFor()
  t.equal(await page.getByLabel('New task').inputValue(), 'Second')
  await page.keyboard.press('Enter')
  await page.getByText('Second').waitFor()
  t.match(await tasksOf(served), [{ title: 'Second' }, { title: 'First' }])
})

void t.test('a task that could not be sent is given back', options, async (t) => {
  const { page } = await openPage(t)
  await page.getByText('Nothing to do').waitFor()
  await page.setViewportSize({ width: 320, height: 700 })
  const long = 'W'.repeat(150)
  for (const { typed, title, says } of [
    { typed: '', title: `First ${long}`, says: /^(?!.*was not added)/ },
    { typed: 'Second', title: 'Second', says: /“First W+” was not added/ },
  ]) {
    const { release } = await hold(page, 'POST')
    await page.getByLabel('New task').fill(`First ${long}`)
    await page.keyboard.press('Enter')
    await page.keyboard.type(typed)
    release('fail')
    await page.locator('#new-error:not(:empty)').waitFor()
    t.match(await page.locator('#new-error').textContent(), says)
    t.equal(await page.getByLabel('New task').inputValue(), title)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, 'long words are broken')
    await page.unrouteAll()
  }
})

void t.test('a new task stays when a list that was read before it comes late', options, async (t) => {
  const { page } = await openPage(t)
  await page.getByText('Nothing to do').waitFor()
  const { held, release } = await hold(page, 'GET')
  await page.evaluate("document.getElementById('filter').dispatchEvent(new Event('input'))")
  await held
  const made = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByLabel('New task').fill('First')
  await page.keyboard.press('Enter')
  await made
  release('answer')
  await page.getByText('First', { exact: true }).waitFor()
  await page.locator('#list:not([aria-busy])').waitFor()
  t.strictSame(await titles(page), ['First'])
})

void t.test('a task on its way takes no clicks, and its late answer no focus', options, async (t) => {
  const { page } = await openPage(t, memory, {}, newTask)
  const item = page.getByRole('listitem')
  for (const { method, press, after } of [
    { method: 'PATCH', press: item.getByRole('checkbox'), after: '.task.done' },
    { method: 'DELETE', press: item.getByRole('button', { name: /^Delete/ }), after: '#empty:not([hidden])' },
  ] as const) {
    const { held, release } = await hold(page, method)
    await press.click()
    await held
    await item.getByRole('button', { name: /^Edit/ }).click()
    t.equal(await page.locator('.editor').count(), 0, `${method}: what is written there would be lost`)
    await page.getByLabel('Search tasks').focus()
    release('answer')
    await page.locator(after).waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'search', method)
    await page.unrouteAll()
  }
})

void t.test('a list that comes meanwhile leaves what is being written', options, async (t) => {
  const { page } = await openPage(t, memory, {}, newTask)
  await page.getByRole('button', { name: 'Edit First' }).click()
  await page.getByLabel('Title').fill('Half wri')
  await page.getByLabel('Sort by').selectOption('title')
  await page.getByLabel('New task').fill('Second')
  await page.keyboard.press('Enter')
  await page.getByText('Second').waitFor()
  t.equal(await page.getByLabel('Title').inputValue(), 'Half wri')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Half wri').waitFor()
})

void t.test('what somebody else wrote meanwhile is not overwritten unseen', options, async (t) => {
  const { page, served } = await openPage(t, memory, {}, newTask)
  const path = `/tasks/${String(await page.getByRole('listitem').getAttribute('data-id'))}`
  const elsewhere = async (change: object) => send(served.url, 'PATCH', path, change)
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const edit = async (title: string) => {
    await button(/^Edit/).click()
    await page.getByLabel('Title').fill(title)
    await page.keyboard.press('Enter')
  }
  await elsewhere({ completed: true })
  await edit('Second')
  await page.locator('.task.done').getByText('Second').waitFor()

  await elsewhere({ title: 'Theirs', description: 'a lot' })
  await edit('Mine')
  await page.getByText('Somebody changed this task meanwhile to “Theirs”, “a lot”.').waitFor()
  t.match(await tasksOf(served), [{ title: 'Theirs' }])
  await button('Cancel').click()
  await page.getByText('a lot').waitFor()
  t.strictSame(await titles(page), ['Theirs'], 'cancelled: theirs is kept')

  await elsewhere({ title: 'Theirs again' })
  await edit('Mine')
  await page.getByText('Somebody changed this task').waitFor()
  await button('Save').click()
  await button('Edit Mine').waitFor()
  t.match(await tasksOf(served), [{ title: 'Mine' }], 'saved again: mine')

  await elsewhere({ title: 'Not seen' })
  await button('Delete Mine').click()
  await page.getByText('Somebody changed this task').waitFor()
  t.strictSame(await titles(page), ['Not seen'])
  await button('Delete Not seen').click()
  await page.getByText('Nothing to do').waitFor()
})

void t.test('what somebody else deleted meanwhile is gone', options, async (t) => {
  const { page, served } = await openPage(t, memory, {}, newTask)
  await page.getByRole('button', { name: 'Edit First' }).click()
  await served.database.knex('tasks').delete()
  await page.keyboard.press('Enter')
  await page.locator('.editor').getByText('There is no task').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Delete First' }).click()
  await page.getByText('Nothing to do').waitFor()
})

void t.test('errors stand where they arise', options, async (t) => {
  const { page, served } = await openPage(t)
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('Write what needs doing first.').waitFor()
  const field = page.getByLabel('New task')
  t.equal(await field.getAttribute('aria-invalid'), 'true')
  await field.fill('x')
  t.equal(await field.getAttribute('aria-invalid'), null)
  await page.keyboard.press('Enter')
  await page.locator('.task-title').waitFor()

  await page.getByRole('button', { name: 'Edit x' }).click()
  await page.getByLabel('Title').fill('  ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.editor').getByText('Title must not be blank.').waitFor()
  t.equal(await page.getByLabel('Title').getAttribute('aria-invalid'), 'true')
  await page.getByRole('button', { name: 'Cancel' }).click()

  await served.database.knex('tasks').delete()
  await page.getByRole('checkbox').click()
  await page.locator('.task').getByText('There is no task').waitFor()
  t.equal(await page.getByRole('checkbox').isChecked(), false, 'it shows what is so')
})

void t.test('Escape ends what an input method composes, and not the editor', options, async (t) => {
  const { page, served } = await openPage(t)
  await page.getByLabel('New task').fill('買い物')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Edit/ }).click()
  await page.getByLabel('Title').fill('買い物リスト')
  await page.getByLabel('Title').dispatchEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('買い物リスト').waitFor()
  t.match(await tasksOf(served), [{ title: '買い物リスト' }])
})
