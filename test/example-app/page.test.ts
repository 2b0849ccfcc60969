import { EventEmitter, once } from 'node:events'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startPostgres } from '../servers/postgres.ts'
import { noBrowser, seriousViolations, startBrowser } from './browser.ts'
import { send } from './http-client.ts'
import { serve, type ServeOptions, type Served } from './serve.ts'

const options = { skip: noBrowser }
const memory = { url: 'sqlite::memory:' }
let browser: Browser | undefined
t.teardown(async () => browser?.close())

/** The page of an app of its own, which must log no error. */
async function open(
  t: Test,
  serving: ServeOptions = memory,
  context: BrowserContextOptions = {},
  prepare?: (served: Served) => Promise<unknown>,
): Promise<{ page: Page; served: Served; troubles: string[] }> {
  browser ??= await startBrowser()
  const served = await serve(serving)
  t.teardown(served.close)
  await prepare?.(served)
  const opened = await browser.newContext({ viewport: { width: 900, height: 900 }, ...context })
  t.teardown(async () => opened.close())
  const page = await opened.newPage()
  page.setDefaultTimeout(8_000)
  const troubles: string[] = []
  page.on('pageerror', (error) => void troubles.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  await page.goto(served.url)
  return { page, served, troubles }
}

const titles = async (page: Page) => page.locator('.task-title').allTextContents()
const tasksOf = async ({ url }: Served) =>
  (
    (await send(url, 'GET', '/tasks')).body as {
      items: { title: string; completed: boolean; description: string }[]
    }
  ).items

void t.test('by pointer: add, complete, edit, delete, undo', options, async (t) => {
  const { page, served, troubles } = await open(t)
  await page.getByText('Nothing to do').waitFor()
  await page.getByLabel('New task').fill('Water the plants <b>&')
  await page.getByText('Add a description').click()
  await page.getByLabel('Description').fill('all of them')
  await page.getByRole('button', { name: 'Add' }).click()
  const item = page.getByRole('listitem').filter({ hasText: 'Water the plants <b>&' })
  await item.getByText('all of them').waitFor()
  t.equal(await page.getByLabel('New task').inputValue(), '', 'the form is ready for the next')

  await item.getByRole('checkbox').click()
  await page.locator('.task.done').waitFor()
  t.match(await tasksOf(served), [
    { title: 'Water the plants <b>&', completed: true, description: 'all of them' },
  ])

  await item.getByRole('button', { name: /^Edit/ }).click()
  await page.getByLabel('Title').fill('Water the fern')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Water the fern').waitFor()
  t.match(await tasksOf(served), [{ title: 'Water the fern', completed: true }])

  await page.getByRole('button', { name: 'Delete Water the fern' }).click()
  await page.getByText('Nothing to do').waitFor()
  t.strictSame(await tasksOf(served), [])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.locator('.task-title').waitFor()
  t.match(await tasksOf(served), [{ title: 'Water the fern', completed: true, description: 'all of them' }])
  t.strictSame(troubles, [])
})

void t.test('by keyboard alone', options, async (t) => {
  const { page, served } = await open(t)
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
  const { page, served } = await open(t)
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
  const { page } = await open(t)
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
  const { page } = await open(t)
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

void t.test('filter, search, sort and load more', options, async (t) => {
  const { page } = await open(t, memory, {}, async ({ url }) => {
    for (let n = 10; n < 55; n += 1) {
      await send(url, 'POST', '/tasks', { title: `Task ${n}`, completed: n % 5 === 0 })
    }
  })
  await page.getByText('Task 54').waitFor()
  t.equal((await titles(page)).length, 20)
  const more = page.getByRole('button', { name: 'Show more' })
  await more.click()
  await page.getByText('Task 15').waitFor()
  await more.click()
  await page.getByText('Task 10').waitFor()
  t.equal((await titles(page)).length, 45)
  await more.waitFor({ state: 'hidden' })

  await page.getByLabel('Search tasks').fill('TASK 2')
  await page.getByText('Task 30').waitFor({ state: 'detached' })
  t.equal((await titles(page)).length, 10)
  await page.getByLabel('Done').check({ force: true })
  await page.getByText('Task 21').waitFor({ state: 'detached' })
  t.strictSame(await titles(page), ['Task 25', 'Task 20'])
  await page.getByLabel('Sort by').selectOption('title')
  await page.locator('.task-title').first().getByText('Task 20').waitFor()
  t.strictSame(await titles(page), ['Task 20', 'Task 25'])
  await page.getByLabel('New task').fill('task 25 again')
  await page.keyboard.press('Enter')
  await page.getByText('task 25 again').waitFor()
  t.equal(await page.getByLabel('All').isChecked(), true, 'a new task is shown, whatever was filtered')
  await page.getByLabel('Search tasks').fill('nothing like it')
  await page.getByText('No task matches').waitFor()
})

void t.test('errors stand where they arise', options, async (t) => {
  const { page, served } = await open(t)
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

void t.test('where a token is wanted, asks for it and goes on', options, async (t) => {
  const { page, served } = await open(t, { ...memory, apiToken: 'right' })
  await page.getByLabel('New task').fill('protected')
  await page.keyboard.press('Enter')
  await page.getByLabel('API token').fill('wrong')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('That token is not the right one.').waitFor()
  t.strictSame(await seriousViolations(page), [])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('#new-error').getByText('Changes need the API token').waitFor()
  t.equal(await page.getByLabel('New task').inputValue(), 'protected', 'nothing typed is lost')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByLabel('API token').fill('right')
  await page.keyboard.press('Enter')
  await page.locator('.task-title').waitFor()
  await page.reload()
  await page.getByRole('checkbox').click()
  await page.locator('.task.done').waitFor()
  t.match(await tasksOf(served), [{ title: 'protected', completed: true }])
})

void t.test('says what it runs on, and why', options, async (t) => {
  const env = { DATABASE_URL: '', SPACE_ID: 'someone/tasks' }
  const serving: ServeOptions = { env, strategy: 'always', sqlite: { filename: ':memory:' } }
  const { page } = await open(t, serving)
  const banner = page.getByRole('status', { name: 'What this service runs on' })
  await banner.getByText('SQLite').waitFor()
  t.match(
    await banner.textContent(),
    /\(in memory: tasks are lost when the service stops\) because DATABASE_URL is set but empty/,
  )
  t.equal(await banner.getAttribute('data-mood'), 'poor')
  t.strictSame(await seriousViolations(page), [])
})

void t.test('an outage in the middle: says so, and recovers by itself', options, async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  const { page, served } = await open(t, { url: server.url }, {}, async ({ url }) =>
    send(url, 'POST', '/tasks', { title: 'before' }),
  )
  const banner = page.locator('#banner')
  await banner.getByText('PostgreSQL').waitFor()
  await page.getByText('before').waitFor()
  await server.stop()
  await page.getByLabel('New task').fill('during')
  await page.keyboard.press('Enter')
  await page
    .locator('#new-error')
    .getByText(/The database/)
    .waitFor()
  await page.locator('#banner[data-mood=bad]').waitFor()
  await page.getByLabel('Search tasks').fill('before')
  await page.locator('#list-error').getByRole('button', { name: 'Try again' }).waitFor()
  t.strictSame(await seriousViolations(page), [])
  await server.start()
  await send(served.url, 'GET', '/health/live')
  await page.locator('#banner[data-mood=good]').waitFor({ timeout: 20_000 })
  await page.locator('#list-error').waitFor({ state: 'hidden' })
  t.strictSame(await titles(page), ['before'])
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByLabel('Search tasks').fill('')
  await page.getByText('during').waitFor()
})

for (const colorScheme of ['light', 'dark'] as const) {
  void t.test(`is accessible at 320 px, ${colorScheme}, with long texts`, options, async (t) => {
    const size = { colorScheme, viewport: { width: 320, height: 700 } }
    const { page, served } = await open(t, memory, size, async ({ url }) => {
      await send(url, 'POST', '/tasks', {
        title: 'W'.repeat(200),
        description: `${'w'.repeat(300)}\n${'x '.repeat(900)}`,
      })
      await send(url, 'POST', '/tasks', { title: 'done', completed: true })
    })
    await page.locator('.task-title').nth(1).waitFor()
    const width = 'document.documentElement.scrollWidth'
    t.equal(await page.evaluate(width), 320, 'nothing has to be scrolled sideways')
    t.strictSame(await seriousViolations(page), [])
    await page.getByRole('button', { name: /^Edit/ }).last().click()
    await page.getByRole('button', { name: 'Delete done' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    t.equal(await page.evaluate(width), 320)
    t.strictSame(await seriousViolations(page), [])
    await page.goto(`${served.url}/docs`)
    await page.getByRole('heading', { name: 'Shapes' }).waitFor()
    t.equal(await page.evaluate(width), 320)
    t.strictSame(await seriousViolations(page), [])
  })
}

void t.test('/docs shows each operation, under the same policy', options, async (t) => {
  const { page, served, troubles } = await open(t)
  await page.goto(`${served.url}/docs`)
  await page.getByRole('heading', { name: 'DELETE /tasks/{id}' }).waitFor()
  await page.getByRole('link', { name: 'TaskPage' }).first().click()
  t.match(page.url(), /#TaskPage$/)
  t.ok((await page.locator('section.operation').count()) >= 11 + 5)
  t.strictSame(troubles, [])
})

void t.test('works in a frame of a Space, and in no other frame', options, async (t) => {
  const { page, served } = await open(t)
  await page.route(/^https:/, async (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<iframe src="${served.url}" width="800" height="600"></iframe>`,
    }),
  )
  await page.goto('https://huggingface.co/spaces/someone/tasks')
  const frame = page.frameLocator('iframe')
  await frame.getByLabel('New task').fill('framed')
  await frame.getByRole('button', { name: 'Add' }).click()
  await frame.locator('.task-title').getByText('framed').waitFor()
  await frame.locator('#banner[data-mood=good]').waitFor()

  await page.goto('https://elsewhere.example/')
  await page.waitForLoadState('networkidle')
  t.equal(await page.frameLocator('iframe').locator('#composer').count(), 0)
})
