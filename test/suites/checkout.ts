import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A suite that can be run. */
export interface Suite {
  readonly name: string
  /** Where its checkout was copied to. */
  readonly directory: string
  /** The entry of the knex that it loads. */
  readonly knexEntry: string
  readonly command: 'mocha' | 'tape'
  readonly args: readonly string[]
}

interface Package {
  readonly name: string
  readonly main: string
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** What the suites need of the development packages; the drivers are ours. */
const needed =
  /^(mocha|chai.*|sinon.*|tape|semver|cli-testlab|JSONStream|rimraf|mock-fs|toxiproxy.*|source-map.*|pg-query-stream|expect\.js)$/
const drivers = ['pg', 'mysql2', 'sqlite3', 'better-sqlite3']
const modules = join(dirname(fileURLToPath(import.meta.resolve('knex'))), '..')

/** They need drivers that are not here. */
const otherServers = ['mssql', 'oracledb'].flatMap((name) => [
  '--ignore',
  `test/integration2/dialects/${name}.spec.js`,
])

const mocha = ['--exit', '--timeout', '60000', '--reporter', 'json']

/** Copies a checkout of knex, one of Objection, or both, and installs what their suites need. */
export async function copySuites(
  checkouts: readonly string[],
): Promise<{ readonly all: readonly Suite[]; remove(): void }> {
  const parent = mkdtempSync(join(tmpdir(), 'failsoft-checkouts-'))
  const all = checkouts.flatMap((checkout) => copy(checkout, parent))
  if (all.length === 0) throw new Error('usage: npm run test:suites -- KNEX_CHECKOUT [OBJECTION_CHECKOUT]')
  return { all, remove: () => rmSync(parent, { recursive: true, force: true }) }
}

function copy(checkout: string, parent: string): readonly Suite[] {
  const { name, ...own } = read(checkout)
  const directory = join(parent, name)
  cpSync(checkout, directory, {
    recursive: true,
    filter: (path) => !['node_modules', '.git', 'package-lock.json'].includes(basename(path)),
  })
  install(directory, own)
  if (name === 'knex') return suitesOfKnex(directory, own)
  if (name !== 'objection') throw new Error(`${checkout}: neither knex nor Objection`)
  link(directory, 'knex')
  const knexEntry = join(modules, 'knex/lib/index.js')
  return [{ name, directory, knexEntry, command: 'mocha', args: [...mocha, 'tests/integration/index.js'] }]
}

/** The tests are those of the checkout, knex itself is the one that is installed here. */
function suitesOfKnex(directory: string, { version }: Pick<Package, 'version'>): readonly Suite[] {
  const installed = read(join(modules, 'knex'))
  if (version !== installed.version)
    throw new Error(`knex: the checkout is ${version}, the installed one ${installed.version}`)
  rmSync(join(directory, 'lib'), { recursive: true })
  cpSync(join(modules, 'knex/lib'), join(directory, 'lib'), { recursive: true })
  const knexEntry = join(directory, 'lib/index.js')
  const config = 'test/mocha-integration-config-test.js'
  return [
    {
      name: 'knex',
      directory,
      knexEntry,
      command: 'mocha',
      args: [...mocha, '--config', config, ...otherServers],
    },
    { name: 'knex’s tape', directory, knexEntry, command: 'tape', args: ['test/tape/index.js'] },
  ]
}

function install(directory: string, { main, dependencies, devDependencies }: Omit<Package, 'name'>): void {
  const wanted = Object.entries(devDependencies).filter(([name]) => needed.test(name))
  // Objection's suite has these by way of a package that makes its website.
  const all = {
    bluebird: '^3.7.2',
    lodash: '^4.17.21',
    uuid: '^8.3.2',
    ...dependencies,
    ...Object.fromEntries(wanted),
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, main, dependencies: all }))
  const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-package-lock']
  execFileSync('npm', ['install', ...flags], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] })
  for (const driver of drivers) link(directory, driver)
}

function link(directory: string, name: string): void {
  const path = join(directory, 'node_modules', name)
  rmSync(path, { recursive: true, force: true })
  symlinkSync(join(modules, name), path)
}

function read(directory: string): Package {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Package
}
