import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What is counted, for every test: the sources of the library and of the example app, and not the helpers of the tests. */
const sources = ['lib', 'example-app/src'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(process.cwd(), folder, name)),
)

export default () => sources
