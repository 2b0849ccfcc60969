import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { chromium, type Browser, type Frame, type Page } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
  // The frame's page is made up by the test, so that to the browser it comes from the internet, and the app from this machine.
  .concat('--disable-features=LocalNetworkAccessChecks')

/** Why the page cannot be tested here, or nothing. */
export const noBrowser: string | false = !existsSync(executablePath) && `there is no ${executablePath}`

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** What axe-core finds serious or critical on a page. It is put in by the debugger, which no content policy stops. */
export async function seriousViolations(page: Page | Frame): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
  await page.evaluate(await readFile(axe, 'utf8'))
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
