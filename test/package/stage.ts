import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execute, outsideTap, root } from './project.ts'

const sources = [
  'package.json',
  'tsconfig.base.json',
  'README.md',
  'LICENSE',
  'lib',
  'scripts',
  'example-app',
]
const built = /[/\\](?:dist|data|node_modules)$|\.tsbuildinfo$/

/** The sources in a folder of their own, beside the packages that are installed. */
export interface Stage {
  readonly folder: string
  /** Runs npm in it, with these words. */
  npm(...words: readonly string[]): Promise<void>
  remove(): void
}

/**
 * Copies the sources, so that they can be built as they are shipped, and not below the feet of those who run here: npm's package and
 * the image hold bundles, where the tests hold each module.
 */
export function stage(): Stage {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'failsoft-stage-'))
  for (const name of sources)
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !built.test(path) })
  const [from, packages] = [join(root, 'node_modules'), join(folder, 'node_modules')]
  mkdirSync(packages)
  const installed = readdirSync(from).filter((name) => !['failsoft', 'example-app'].includes(name))
  for (const name of installed) symlinkSync(join(from, name), join(packages, name))
  symlinkSync('..', join(packages, 'failsoft'))
  return {
    folder,
    npm: async (...words) => {
      await execute('npm', words, { cwd: folder, env: outsideTap() })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * Packs failsoft.
 *
 * @returns the path of the tarball, and how to remove it.
 */
export async function pack(): Promise<{ tarball: string; remove: () => void }> {
  const { folder, npm, remove } = stage()
  await npm('pack')
  return { tarball: join(folder, String(readdirSync(folder).find((name) => name.endsWith('.tgz')))), remove }
}
