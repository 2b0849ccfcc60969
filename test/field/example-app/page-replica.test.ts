import { renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { copied } from '../../example-app/copied-app.ts'
import { seriousViolations } from './browser.ts'
import { openPage, options } from './open-page.ts'

void t.test(
  'the banner says how long ago the file was copied, and that it is not any more',
  options,
  async (t) => {
    const { folder, ...serving } = copied()
    const { page, troubles } = await openPage(t, serving)
    const banner = page.locator('#banner')
    await banner.getByText(/^copied to its replica \d+\.\d s ago$/).waitFor()
    t.equal(await page.locator('#banner-title').textContent(), 'SQLite,')
    await page.locator('#banner[aria-live=off]').waitFor()
    t.pass('a screen reader does not say each second how old the copy is')
    t.strictSame(await seriousViolations(page), [])
    const told: string[] = []
    await page.exposeFunction('tell', (text: string) => void (text.startsWith('last') && told.push(text)))
    await page.evaluate(`new MutationObserver(() => {
      if (document.getElementById('banner').ariaLive === 'polite') tell(document.getElementById('banner-note').textContent)
    }).observe(document.getElementById('banner-note'), { childList: true })`)
    renameSync(join(folder, 'replica'), join(folder, 'away'))
    await page.getByLabel('New task').fill('while it is away')
    await page.keyboard.press('Enter')
    await banner.getByText(/^last copied to its replica .* ago: The replica cannot be used now\.$/).waitFor()
    t.equal(told.length, 1, 'that it is not copied any more is said')
    renameSync(join(folder, 'away'), join(folder, 'replica'))
    await banner.getByText(/^copied to its replica \d+\.\d s ago$/).waitFor()
    t.equal(await page.locator('.task-title').textContent(), 'while it is away')
    t.strictSame(troubles, [])
  },
)

void t.test('the page of the state shows the copy of a file that stands in', options, async (t) => {
  const { folder, ...serving } = copied({ DATABASE_URL: 'postgres://app@127.0.0.1:1/app' })
  const sqlite = { ...serving.sqlite, filename: join(folder, 'tasks.db') }
  const { page, served } = await openPage(t, { ...serving, sqlite, strategy: 'always' })
  await page
    .locator('#banner-note')
    .getByText(/^copied to its replica .* ago, because .*outlive this disk\.$/)
    .waitFor()
  await page.goto(`${served.url}/database`)
  await page
    .locator('#facts')
    .getByText(/^copied to its replica/)
    .waitFor()
})
