import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

/**
 * Runs all tests of a folder in this process: with the runner's loader each further process costs more than a second of
 * processor time. `.taprc` leaves out the files that are run so; each can still be run by itself.
 *
 * @param folder - below the folder of the tests.
 */
export function runTogether(folder: string): void {
  t.setTimeout(300_000)
  const url = new URL(`${folder}/`, import.meta.url)
  const files = readdirSync(fileURLToPath(url)).filter((name) => name.endsWith('.test.js'))
  // What they ask for waits until all are loaded: the runner would end in a pause between two of them.
  void t.test(`the tests of ${folder} are loaded`, async () => {
    for (const file of files) await import(new URL(file, url).href)
  })
}
