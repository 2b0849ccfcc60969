import t from 'tap'
import { startPostgres } from '../../servers/postgres.ts'
import { seriousViolations } from './browser.ts'
import { send } from '../../example-app/http-client.ts'
import { memory, openPage, options, titles } from './open-page.ts'

void t.test('filter, search, sort and load more', options, async (t) => {
  const { page } = await openPage(t, memory, {}, async ({ url }) => {
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

void t.test('an outage in the middle: says so, and recovers by itself', options, async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  const { page, served } = await openPage(t, { url: server.url }, {}, async ({ url }) =>
    send(url, 'POST', '/tasks', { title: 'before' }),
  )
  const states = await page.context().newPage()
  await states.goto(`${served.url}/database`)
  await states.locator('[data-state=connected].now').waitFor()
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
  await states.locator('[data-state=reconnecting].now').waitFor()
  await page.getByLabel('Search tasks').fill('before')
  await page.locator('#list-error').getByRole('button', { name: 'Try again' }).waitFor()
  t.strictSame(await seriousViolations(page), [])
  await server.start()
  await send(served.url, 'GET', '/health/live')
  await page.locator('#banner[data-mood=good]').waitFor({ timeout: 20_000 })
  await page.locator('#list-error').waitFor({ state: 'hidden' })
  await states.locator('[data-state=connected].now').waitFor()
  t.match((await states.locator('#history li').allTextContents()).slice(0, 3), [
    /^connected/,
    /^reconnecting/,
    /^connected/,
  ])
  t.strictSame(await titles(page), ['before'])
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByLabel('Search tasks').fill('')
  await page.getByText('during').waitFor()
})

for (const colorScheme of ['light', 'dark'] as const) {
  void t.test(`is accessible at 320 px, ${colorScheme}, with long texts`, options, async (t) => {
    const size = { colorScheme, viewport: { width: 320, height: 700 } }
    const { page, served } = await openPage(t, memory, size, async ({ url }) => {
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
    await page.goto(`${served.url}/database`)
    await page.locator('.now').waitFor()
    t.equal(await page.evaluate(width), 320)
    t.strictSame(await seriousViolations(page), [])
    await page.goto(`${served.url}/docs`)
    await page.locator('#operations-tag-tasks').waitFor()
    t.equal(await page.evaluate(width), 320)
    t.strictSame(await seriousViolations(page), [])
  })
}

void t.test('that the service does not answer is said once', options, async (t) => {
  const { page, served } = await openPage(t)
  await page.locator('#banner[data-mood=good]').waitFor()
  await page.route('**/database/events', async (route) => route.abort())
  served.server.closeAllConnections()
  await page.getByText('The service does not answer.').waitFor()
  await page.evaluate(`{
    window.said = 0
    const observer = new MutationObserver((changes) => void (window.said += changes.length))
    observer.observe(document.getElementById('banner'), { childList: true, characterData: true, subtree: true })
  }`)
  for (const _ of [1, 2]) await page.waitForEvent('requestfailed')
  t.equal(await page.evaluate('window.said'), 0)
})

void t.test('a service that never answers is not waited for for ever', options, async (t) => {
  const { page } = await openPage(t)
  await page.getByText('Nothing to do').waitFor()
  await page.evaluate(`{
    const { timeout } = AbortSignal
    AbortSignal.timeout = () => timeout.call(AbortSignal, 300)
  }`)
  await page.route('**/tasks?*', () => {})
  await page.getByLabel('Search tasks').fill('x')
  await page.locator('#list-error').getByText('The service does not answer.').waitFor()
  t.equal(await page.locator('#list').getAttribute('aria-busy'), null)
})

void t.test('texts are written in the direction of their letters', options, async (t) => {
  const { page } = await openPage(t, memory, {}, async ({ url }) => {
    await send(url, 'POST', '/tasks', { title: 'شراء الحليب, 2 liters', description: 'من السوق' })
  })
  await page.locator('.task-title').waitFor()
  const direction = async (selector: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).direction`)
  await page.getByRole('button', { name: /^Edit/ }).click()
  t.equal(await direction('.editor input'), 'rtl')
  t.equal(await direction('.editor textarea'), 'rtl')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByLabel('New task').fill('שלום')
  await page.getByLabel('Search tasks').fill('شراء')
  for (const selector of ['.task-title', '.task-description', '#new-title', '#search'])
    t.equal(await direction(selector), 'rtl', selector)
})

void t.test('without JavaScript there is nothing to fill in', options, async (t) => {
  const { page, served } = await openPage(t, memory, { javaScriptEnabled: false })
  for (const path of ['/', '/database']) {
    await page.goto(served.url + path)
    t.ok(await page.locator('noscript p').isVisible(), path)
    t.notOk(await page.locator('main').isVisible(), path)
    t.notOk(await page.locator('#banner').isVisible(), path)
  }
})
