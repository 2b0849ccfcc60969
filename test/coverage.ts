import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface Counted {
  readonly result: readonly { readonly url: string }[]
  readonly 'source-map-cache'?: Readonly<Record<string, unknown>>
}

const root = process.cwd()
const built = ['dist', 'example-app/dist'].map((folder) => pathToFileURL(join(root, folder, '/')).href)

/**
 * Where each process notes what ran of it. Node.js hands it to every process that a test starts, and counts its threads too, at a
 * tenth of what the runner's own loader costs.
 */
export const countedIn: string = join(root, '.tap/counted')

/** Begins anew. */
export function beginCounting(): void {
  rmSync(countedIn, { recursive: true, force: true })
  mkdirSync(countedIn, { recursive: true })
  // Tests run programs as other users.
  chmodSync(countedIn, 0o777)
}

/** Hands what is of the library and of the example app to the runner's report. */
export function reportCounted(): void {
  const reported = join(root, '.tap/coverage')
  mkdirSync(reported, { recursive: true })
  for (const name of readdirSync(countedIn)) {
    const counted = JSON.parse(readFileSync(join(countedIn, name), 'utf8')) as Counted
    const ours = { result: counted.result.filter(({ url }) => isBuilt(url)).map(bare), ...maps(counted) }
    if (ours.result.length > 0) writeFileSync(join(reported, name), JSON.stringify(ours))
  }
}

function maps({ 'source-map-cache': all = {} }: Counted): Pick<Counted, 'source-map-cache'> {
  return { 'source-map-cache': Object.fromEntries(Object.entries(all).filter(([url]) => isBuilt(url))) }
}

function isBuilt(url: string): boolean {
  return built.some((folder) => url.startsWith(folder))
}

/** Without what a test appended to load a module twice. */
function bare<Script extends { readonly url: string }>(script: Script): Script {
  return { ...script, url: script.url.replace(/[?#].*$/, '') }
}
