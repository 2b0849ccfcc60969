import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

/**
 * Runs all tests of some folders in this process: with the runner's loader each further process costs more than a second of
 * processor time. `.taprc` leaves out the files that are run so; each can still be run by itself.
 *
 * @param folders - below the folder of the tests. What lies in folders within them is not run.
 */
export function runTogether(...folders: readonly string[]): void {
  t.setTimeout(900_000)
  // What they ask for waits until all are loaded: the runner would end in a pause between two of them.
  void t.test(`the tests of ${folders.join(', ')} are loaded`, { timeout: 900_000 }, async () => {
    for (const folder of folders) for (const url of testsIn(folder)) await import(url)
  })
}

function testsIn(folder: string): string[] {
  const url = new URL(`${folder}/`, import.meta.url)
  const names = readdirSync(fileURLToPath(url)).filter((name) => name.endsWith('.test.js'))
  return names.map((name) => new URL(name, url).href)
}
