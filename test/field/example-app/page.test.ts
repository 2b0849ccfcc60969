import t from 'tap'
import { refusedPort } from '../../servers/refused-port.ts'
import { seriousViolations } from './browser.ts'
import { send } from '../../example-app/http-client.ts'
import { memory, openPage, options, tasksOf } from './open-page.ts'
import type { ServeOptions } from '../../example-app/serve.ts'

void t.test('by pointer: add, complete, edit, delete, undo', options, async (t) => {
  const { page, served, troubles } = await openPage(t)
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

void t.test('where a token is wanted, asks for it and goes on', options, async (t) => {
  const { page, served } = await openPage(t, { ...memory, apiToken: 'right' })
  await page.getByLabel('New task').fill('protected')
  await page.keyboard.press('Enter')
  await page.getByLabel('API token').fill('токен')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.locator('#token:invalid').waitFor()
  await page.getByLabel('API token').fill(' wrong ')
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
  const { page } = await openPage(t, serving)
  const banner = page.getByRole('status', { name: 'What this service runs on' })
  await banner.getByText('SQLite').waitFor()
  t.match(
    await banner.textContent(),
    /SQLite because DATABASE_URL is set but empty.* The database is in memory: its rows will be lost\./,
  )
  t.equal(await banner.getAttribute('data-mood'), 'poor')
  t.strictSame(await seriousViolations(page), [])
})

void t.test('says how the settings were repaired, where the database does not answer', options, async (t) => {
  for (const { strategy, title } of [
    { strategy: 'always', title: 'SQLite' },
    { strategy: 'never', title: 'No database' },
  ] as const) {
    const serving: ServeOptions = {
      env: { DATABASE_URL: `"postgres://me:s3cret@127.0.0.1:${refusedPort}/tasks"` },
      strategy,
      sqlite: { filename: ':memory:' },
    }
    const { page, served } = await openPage(t, serving)
    const repaired = /DATABASE_URL is wrapped in quotes/
    await page.locator('#banner-title').getByText(title).waitFor()
    await page.locator('#banner-hint').getByText(repaired).waitFor()
    await page.goto(`${served.url}/database`)
    await page.locator('#facts').getByText(repaired).waitFor()
    t.match((await send(served.url, 'GET', '/database')).body, { warnings: [{ code: 'wrapped-in-quotes' }] })
  }
})

void t.test('says how SQLite gives way to the database, live', options, async (t) => {
  const serving: ServeOptions = {
    env: { DATABASE_URL: `postgres://me:s3cret@127.0.0.1:${refusedPort}/tasks` },
    strategy: 'always',
    sqlite: { filename: ':memory:' },
  }
  const { page, served } = await openPage(t, serving)
  const hint = page.locator('#banner-hint')
  await hint.getByText('The service returns by itself when the database answers.').waitFor()
  t.match((await send(served.url, 'GET', '/database')).body, {
    state: { primary: { reachable: false }, standIn: { clean: true, tables: 0 } },
  })
  await page.getByLabel('New task').fill('written meanwhile')
  await page.getByRole('button', { name: 'Add' }).click()
  await hint
    .getByText(/the service stays on SQLite, since 1 table holds rows\..*POST \/database\/promote/)
    .waitFor()
  t.strictSame(await seriousViolations(page), [])
  await page.goto(`${served.url}/database`)
  await page
    .locator('#facts')
    .getByText(/stays on SQLite/)
    .waitFor()
})

void t.test('/docs shows each operation, and sends requests', options, async (t) => {
  const { page, served, troubles } = await openPage(t, { ...memory, apiToken: 'right' })
  await page.goto(`${served.url}/docs`)
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.locator('.auth-container input').fill('right')
  await page.locator('.auth-container button[type=submit]').click()
  await page.locator('.btn-done').click()
  await page.locator('#operations-tasks-createTask').getByRole('button').first().click()
  await page.getByLabel('Request body').fill('{ "title": "Tried" }')
  await page.getByRole('button', { name: 'Execute' }).click()
  await page.locator('.live-responses-table').getByText('201').first().waitFor()
  t.match(await tasksOf(served), [{ title: 'Tried' }])
  const { body } = await send(served.url, 'GET', '/openapi.json')
  const { paths } = body as { paths: Record<string, object> }
  const operations = Object.values(paths).flatMap((methods) => Object.keys(methods))
  t.equal(await page.locator('.opblock').count(), operations.length)
  const background = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
  t.equal(background, 'rgb(255, 255, 255)', 'a frame shows nothing of what lies below it')
  t.strictSame(await seriousViolations(page), [])
  await page.locator('#operations-database-readDatabase').getByRole('button').first().click()
  await page.locator('#operations-database-readDatabase').getByRole('button', { name: 'Execute' }).click()
  await page.locator('#operations-database-readDatabase .live-responses-table').getByText('"trace"').waitFor()
  t.strictSame(troubles, [])
})

void t.test('/database shows where it is, why, and to the owner more', options, async (t) => {
  const env = { DATABASE_URL: 'postgres://owner:s3cret@secret-host.invalid/private' }
  const serving: ServeOptions = {
    env,
    strategy: 'always',
    apiToken: 'right',
    sqlite: { filename: ':memory:' },
  }
  const { page, served, troubles } = await openPage(t, serving)
  await page.goto(`${served.url}/database`)
  await page.locator('[data-state=fallback].now').waitFor()
  t.equal(await page.locator('.now').count(), 1)
  const text = async () => page.locator('main').innerText()
  t.match(await text(), /Latency\n+\d+ ms/)
  t.match(await text(), /The host name in the database URL cannot be found. \(host-not-found\)/)
  t.match(await page.locator('#history li').allTextContents(), [/^fallback/, /^connecting/, /^idle/])
  t.notMatch(await page.content(), /secret-host|owner:|private/)
  t.strictSame(await seriousViolations(page), [])

  await page.getByRole('button', { name: 'Details for the owner' }).click()
  await page.getByLabel('API token').fill('wrong')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('That token is not the right one.').waitFor()
  await page.getByLabel('API token').fill('right')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'How it was chosen' }).waitFor()
  t.match(await text(), /The host name in .*secret-host[^]*In its words\n+.*ENOTFOUND/)
  t.notMatch(await page.content(), /s3cret/)
  t.strictSame(await seriousViolations(page), [])
  t.strictSame(troubles, [])
})

void t.test('works in a frame of a Space, and in no other frame', options, async (t) => {
  const { page, served } = await openPage(t)
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

  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
  await page.goto('https://elsewhere.example/')
  await refused
  t.equal(await page.frameLocator('iframe').locator('#composer').count(), 0)
})
