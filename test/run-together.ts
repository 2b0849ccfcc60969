import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// Runs the tests of a folder in this process, because loading what all of them load costs each further process half a second
// of processor time. Each can still be run by itself.
const [folders = '', share = '1/1'] = process.argv.slice(2)
const [number = 1, shares = 1] = share.split('/').map(Number)

t.setTimeout(900_000)
// What they ask for waits until all are loaded: the runner would end in a pause between two of them.
void t.test(`the tests of ${folders} are loaded`, { timeout: 900_000 }, async () => {
  const all = folders.split(',').flatMap(testsIn)
  for (const [index, url] of all.entries()) if (index % shares === number - 1) await import(url)
})

function testsIn(folder: string): string[] {
  const url = new URL(`${folder}/`, import.meta.url)
  const names = readdirSync(fileURLToPath(url)).filter((name) => name.endsWith('.test.js'))
  return names.map((name) => new URL(name, url).href)
}
