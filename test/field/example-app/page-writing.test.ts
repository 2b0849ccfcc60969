import { EventEmitter, once } from 'node:events'
import type { Page } from 'playwright-core'
import t from 'tap'
import { openPage, options, tasksOf, titles } from './open-page.ts'

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
async function hold(page: Page, method: 'GET' | 'POST') {
  const events = new EventEmitter()
  const held = once(events, 'held')
  const released = once(events, 'release')
  await page.route(/\/tasks(\?|$)/, async (route) => {
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
  for (const { typed, title, says } of [
    { typed: '', title: 'First', says: /^(?!.*was not added)/ },
    { typed: 'Second', title: 'Second', says: /“First” was not added/ },
  ]) {
    const { release } = await hold(page, 'POST')
    await page.getByLabel('New task').fill('First')
    await page.keyboard.press('Enter')
    await page.keyboard.type(typed)
    release('fail')
    await page.locator('#new-error:not(:empty)').waitFor()
    t.match(await page.locator('#new-error').textContent(), says)
    t.equal(await page.getByLabel('New task').inputValue(), title)
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
