import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { noBrowser, startBrowser } from './browser.ts'
import { send } from '../../example-app/http-client.ts'
import { serve, type ServeOptions, type Served } from '../../example-app/serve.ts'

/** For tests that need a browser. */
export const options: { skip: string | false } = { skip: noBrowser }
/** The smallest database. */
export const memory: ServeOptions = { url: 'sqlite::memory:' }
let browser: Browser | undefined
t.teardown(async () => browser?.close())

/** A page that does not get there at all, on a busy machine too. */
const patienceMs = 60_000

/** The page of an app of its own, which must log no error. */
export async function openPage(
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
  page.setDefaultTimeout(patienceMs)
  const troubles: string[] = []
  page.on('pageerror', (error) => void troubles.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  await page.goto(served.url)
  return { page, served, troubles }
}

/** The titles that the page shows, in its order. */
export const titles = async (page: Page) => page.locator('.task-title').allTextContents()
/** The tasks that the service has. */
export const tasksOf = async ({ url }: Served) =>
  (
    (await send(url, 'GET', '/tasks')).body as {
      items: { title: string; completed: boolean; description: string }[]
    }
  ).items
