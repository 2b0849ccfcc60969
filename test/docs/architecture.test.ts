import { transitions } from 'failsoft/knex'
import t from 'tap'
import { libraryImports, type Import } from './imports.ts'
import { codeBlocks, readText } from './markdown.ts'

/** Each folder, with the folders that it may import. `problem` comes first, and knows nobody. */
const chain = ['problem', 'url', 'resolve', 'engine', 'promote', 'replica', 'connection']
const ends = ['koa', 'pg', 'mysql2', 'cli']
const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(chain.map((folder, index) => [folder, chain.slice(0, index)])),
  ...Object.fromEntries(ends.map((folder) => [folder, chain])),
  doctor: ['problem', 'url'],
  cli: [...chain, 'doctor'],
}

const imports = libraryImports()
const folderOf = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '')
const inFolders = imports.filter(({ from }) => folderOf(from) !== '')
const between = inFolders.filter(({ from, to, isFile }) => isFile && folderOf(from) !== folderOf(to))
const show = ({ from, to }: Import): string => `${from} imports ${to}`

function edges(start: string): string[] {
  const blocks = codeBlocks(readText('docs/architecture.md')).map(({ code }) => code)
  const lines = blocks.find((code) => code.startsWith(start))!.matchAll(/^ *(\w+) --> (\w+)$/gm)
  return [...lines].map(([, from, to]) => `${from} → ${to}`).toSorted()
}

void t.test('imports run one way', async (t) => {
  const wrong = between.filter(({ from, to }) => !allowed[folderOf(from)]?.includes(folderOf(to)))
  t.strictSame(wrong.map(show), [])
  t.ok(between.length > 50, `${between.length} imports were looked at`)
})

void t.test('no package is needed to load the library', async (t) => {
  // The doctor's parsers are bundled into its own file.
  const packages = imports.filter(
    ({ from, to, isFile }) => !isFile && !to.startsWith('node:') && folderOf(from) !== 'doctor',
  )
  const needed = packages.filter(({ isTypeOnly }) => !isTypeOnly).map(({ to }) => to)
  t.strictSame(needed, [])
  t.strictSame(
    [...new Set(packages.map(({ to }) => to))].toSorted(),
    ['knex', 'mysql2/promise', 'pg'],
    'for their types',
  )
})

void t.test('problem and url use nothing of Node', async (t) => {
  const foreign = inFolders.filter(
    ({ from, isFile }) => !isFile && ['problem', 'url'].includes(folderOf(from)),
  )
  t.strictSame(foreign.map(show), [])
})

void t.test('the core needs no types of another package', async (t) => {
  const reached = new Set<string>()
  const follow = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    for (const { to } of imports.filter(({ from, isFile }) => isFile && from === path)) follow(to)
  }
  follow('index.ts')
  const foreign = imports.filter(
    ({ from, to, isFile }) => reached.has(from) && !isFile && !to.startsWith('node:'),
  )
  t.strictSame(foreign.map(show), [])
})

void t.test('the drawing of the folders is what the sources say', async (t) => {
  const real = between.map(({ from, to }) => `${folderOf(from)} → ${folderOf(to)}`)
  t.strictSame(edges('flowchart'), [...new Set(real)].toSorted())
})

void t.test('the drawing of the states is the table of transitions', async (t) => {
  const real = Object.entries(transitions).flatMap(([from, next]) => next.map((to) => `${from} → ${to}`))
  t.strictSame(edges('stateDiagram'), real.toSorted())
})
