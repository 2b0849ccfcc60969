import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { execute, outsideTap, root } from './project.ts'
import { stage } from './stage.ts'

interface LockedPackage {
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
  readonly link?: boolean
  readonly integrity?: string
  readonly os?: readonly string[]
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
)
const inProduction = installed.filter(([, { dev, devOptional }]) => !dev && !devOptional)

/** They ask for no more than to keep their notice. */
const permissive = [
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'WTFPL',
]

/** Whether an SPDX expression leaves a choice that is permissive. */
function isPermissive(expression: string | undefined): boolean {
  if (expression === undefined) return false
  const choices = expression.replace(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((name) => permissive.includes(name)))
}

void t.test('what is shipped is under licences that go with MIT', async (t) => {
  t.ok(inProduction.length > 50, `${inProduction.length} packages`)
  const others = inProduction.filter(([, { license }]) => !isPermissive(license))
  t.strictSame(
    others.map(([path, { license }]) => `${path}: ${license}`),
    [],
  )
})

void t.test('each package is pinned by its content', async (t) => {
  // The linter's binaries for other platforms are pinned by their version alone; nothing that is shipped is.
  const loose = installed.filter(
    ([, { integrity, dev, optional, os }]) => !integrity?.startsWith('sha512-') && !(dev && optional && os),
  )
  t.strictSame(
    loose.map(([path]) => path),
    [],
  )
})

void t.test('the library itself brings no package along', async (t) => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: object }
  t.strictSame(Object.keys(manifest.dependencies ?? {}), [])
})

void t.test('what the doctor reads with is in its bundle, with its licence', async (t) => {
  const { folder, npm, remove } = stage()
  t.teardown(remove)
  await npm('run', 'bundle:lib')
  const notices = readFileSync(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  for (const name of ['yaml', 'dockerfile-ast', 'unbash', 'semver', 'ignore', 'smol-toml', '@lezer/python']) {
    t.match(notices, new RegExp(`^${name} \\d`, 'm'), name)
  }
  // Outside of the project, where none of these packages is installed.
  const elsewhere = mkdtempSync(join(tmpdir(), 'failsoft-doctor-'))
  t.teardown(() => rmSync(elsewhere, { recursive: true, force: true }))
  cpSync(join(folder, 'dist'), join(elsewhere, 'dist'), { recursive: true })
  writeFileSync(join(elsewhere, 'package.json'), '{ "type": "module" }')
  const doctor = [join(elsewhere, 'dist/cli/main.js'), 'doctor', root]
  const { stdout } = await execute(process.execPath, doctor, { env: outsideTap() })
  t.equal(stdout, 'Nothing was found that breaks.\n')
})
