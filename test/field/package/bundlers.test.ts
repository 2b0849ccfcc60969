import { mkdtempSync, cpSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { codeBlocks, onlyBlock, readText } from '../../docs/markdown.ts'
import { pack } from '../../package/stage.ts'
import { startPostgres } from '../../servers/postgres.ts'
import type { Project, Run } from '../../package/project.ts'
import { projectWith } from './user-project.ts'

t.setTimeout(600_000)
const recipe = 'docs/recipes/bundlers.md'
const bundlers = [
  'esbuild',
  'rollup',
  '@rollup/plugin-commonjs',
  '@rollup/plugin-json',
  '@rollup/plugin-node-resolve',
  'webpack',
  'webpack-cli',
  'vite',
]

/** The program of the recipe, in JavaScript, and the same without what it hands over. */
const handsOver = onlyBlock(recipe, 'ts')
const findsThem = handsOver
  .replace(/^import (?:knex|pg) from .*\n/gm, '')
  .replace('drivers: { knex, pg }', 'log() {}')

/** The commands of the recipe, and the files that they read. */
const blocks = codeBlocks(readText(recipe))
const commands = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code.trim())
const files = blocks
  .filter(({ language }) => language === 'js')
  .map(({ code }) => ({ name: /^\/\/ (\S+)\n/.exec(code)![1]!, code }))

const outputs = ['esbuild.cjs', 'esbuild.mjs', 'rollup.cjs', 'webpack.cjs', 'vite/app.js']

/** Bundles a program in each way of the recipe, into a folder of its own. */
async function bundle(project: Project, program: string, folder: string): Promise<readonly string[]> {
  project.write('app.js', program)
  const failed: string[] = []
  for (const command of commands) {
    const { code, out } = await project.shell(command)
    if (code !== 0) failed.push(`${command.split(' ')[0]}: ${out}`)
  }
  renameSync(join(project.folder, 'out'), join(project.folder, folder))
  return failed
}

const packed = await pack()
t.teardown(packed.remove)
const server = await startPostgres()
t.teardown(server.remove)

void t.test('the bundlers of the recipe', async (t) => {
  const project = await projectWith(t, [packed.tarball, 'knex', 'pg', 'better-sqlite3', ...bundlers])
  if (!project) return
  for (const { name, code } of files) project.write(name, code)
  t.strictSame(await bundle(project, handsOver, 'handed-over'), [])
  t.strictSame(await bundle(project, findsThem, 'found'), [])
  const run = (folder: string, output: string): Promise<Run> =>
    project.node([join(folder, output)], { DATABASE_URL: server.url, DATABASE_FALLBACK: 'never' })
  for (const output of outputs)
    t.strictSame(
      await run('found', output),
      { code: 0, out: 'connected \n' },
      `${output}: finds its packages`,
    )

  const elsewhere = mkdtempSync(join(tmpdir(), 'failsoft-elsewhere-'))
  t.teardown(() => rmSync(elsewhere, { recursive: true, force: true }))
  for (const folder of ['handed-over', 'found'])
    cpSync(join(project.folder, folder), join(elsewhere, folder), { recursive: true })
  renameSync(join(project.folder, 'node_modules'), join(project.folder, 'gone'))
  for (const output of outputs) {
    // Vite leaves packages where they are, so that there is no bundle with them in it.
    if (!output.startsWith('vite')) {
      const handed = await run(join(elsewhere, 'handed-over'), output)
      t.strictSame(handed, { code: 0, out: 'connected \n' }, `${output}: holds its packages`)
    }
    const { code, out } = await run(join(elsewhere, 'found'), output)
    t.equal(code, 0, `${output}: importing never throws`)
    t.match(out, /^unavailable .*needs the package "pg", which is not in this bundle/, `${output}: says so`)
  }
})
