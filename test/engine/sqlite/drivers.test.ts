import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { chooseDriver } from '#lib/engine/sqlite/drivers.js'
import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'
import { skipOf, sqliteDrivers } from './drivers.js'
import { temporaryDirectory } from './open.js'
import { copyLibrary } from '../../copy-library.ts'
import { plainNode } from '../../plain-node.ts'

for (const { name, skip } of sqliteDrivers) {
  void t.test(`${name} is taken when asked for`, { skip }, async (t) => {
    const chosen = chooseDriver(name)
    t.equal(chosen.ok && chosen.name, name)
  })
}

void t.test('a driver that there is none of is a mistake of the program', async (t) => {
  t.throws(() => chooseDriver('sqlite4' as SqliteDriver), { name: 'TypeError', message: /sqliteDriver/ })
})

void t.test('one that loads but cannot open a database is broken', async (t) => {
  const require = createRequire(import.meta.url)
  const path = require.resolve('better-sqlite3')
  const cached = require.cache[path]
  t.teardown(() => (require.cache[path] = cached))
  // Loading it succeeds without its native part: that is asked for with the first database.
  const exports = function (): void {
    throw new Error('Could not locate the bindings file.')
  }
  require.cache[path] = { ...(cached ?? module(path)), exports }
  t.match(chooseDriver('better-sqlite3'), { ok: false, problem: { code: 'driver-broken' } })
  const options = { role: 'fallback', filesystem: 'memory', driver: 'better-sqlite3' } as const
  t.match(openSqlite({ filename: ':memory:', params: {} }, options), { problem: { code: 'driver-broken' } })
})

function module(path: string): NodeJS.Module {
  return Object.assign(new Module(path), { loaded: true })
}

/** Where the packages are as installed by somebody else: some broken, some absent. */
const directory = temporaryDirectory(t)
copyLibrary(directory)
writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')

function runModule(code: string): unknown {
  const output = execFileSync(...plainNode('--input-type=module', '--eval', code), {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(output)
}

function chooseElsewhere(asked: string): unknown {
  return runModule(
    `const { chooseDriver } = await import('./dist/engine/sqlite/drivers.js')
     const chosen = chooseDriver('${asked}')
     console.log(JSON.stringify(chosen.ok ? { ok: true, driver: chosen.name } : chosen))`,
  )
}

void t.test('without knex', async (t) => {
  install({ sqlite3: 'works' })
  rmSync(join(directory, 'node_modules', 'knex'))
  const output = runModule(
    `const { openSqlite } = await import('./dist/engine/sqlite/open-sqlite.js')
     const options = { role: 'fallback', filesystem: 'memory' }
     console.log(JSON.stringify(openSqlite({ filename: ':memory:', params: {} }, options)))`,
  )
  t.match(output, { ok: false, problem: { code: 'driver-missing', hint: /npm install knex/ } })
})

function install(packages: Readonly<Record<string, 'works' | 'never built'>>): void {
  const modules = join(directory, 'node_modules')
  rmSync(modules, { recursive: true, force: true })
  mkdirSync(modules)
  for (const name of ['knex', 'bindings', 'file-uri-to-path']) link(modules, name)
  for (const [name, how] of Object.entries(packages)) {
    if (how === 'works') link(modules, name)
    else cpSync(join('node_modules', name), join(modules, name), { recursive: true, filter: isNotBuilt })
  }
}

function link(modules: string, name: string): void {
  symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name))
}

function isNotBuilt(path: string): boolean {
  return !/sqlite3\/(build|deps|prebuilds)/.test(path)
}

const ladder = [
  {
    name: 'a driver whose native part was never built is passed over',
    packages: { 'better-sqlite3': 'never built', sqlite3: 'works' },
    asked: 'auto',
    want: { ok: true, driver: /^sqlite3$/ },
  },
  {
    name: 'and is reported when asked for',
    packages: { 'better-sqlite3': 'never built', sqlite3: 'works' },
    asked: 'better-sqlite3',
    want: { ok: false, problem: { code: 'driver-broken', hint: /allowScripts.*npm rebuild better-sqlite3/ } },
  },
  {
    name: 'sqlite3 without its native part too',
    packages: { sqlite3: 'never built' },
    asked: 'sqlite3',
    want: { ok: false, problem: { code: 'driver-broken', hint: /npm rebuild sqlite3/ } },
  },
  {
    name: 'one that is not installed is passed over',
    packages: { sqlite3: 'works' },
    asked: 'auto',
    want: { ok: true, driver: /^sqlite3$/ },
  },
  {
    name: 'one that is not installed is reported when asked for',
    packages: { sqlite3: 'works' },
    asked: 'better-sqlite3',
    want: { ok: false, problem: { code: 'driver-missing', hint: /npm install better-sqlite3/ } },
  },
] as const

for (const { name, packages, asked, want } of ladder) {
  void t.test(name, { skip: want.ok && skipOf('sqlite3') }, async (t) => {
    install(packages)
    t.match(chooseElsewhere(asked), want)
  })
}

void t.test('where addons may not be loaded, that is said', async (t) => {
  for (const { name, skip } of sqliteDrivers) {
    if (skip || name === 'node:sqlite') continue
    const code = `
      const { createEngine } = await import('failsoft/knex')
      const target = { dialect: 'sqlite', filename: ':memory:', params: {} }
      console.log(JSON.stringify(createEngine(target, { sqliteDriver: '${name}' })))`
    const args = ['--no-addons', '--input-type=module', '--eval', code]
    const made = JSON.parse(execFileSync(...plainNode(...args), { encoding: 'utf8' })) as unknown
    t.match(made, { ok: false, problem: { code: 'driver-broken', hint: /without --no-addons/ } }, name)
  }
})

const withoutBuiltIn = sqliteDrivers.some(({ name, skip }) => name === 'node:sqlite' && skip)
void t.test(
  'with no driver at all',
  { skip: !withoutBuiltIn && 'this Node.js brings node:sqlite' },
  async (t) => {
    install({})
    t.match(chooseElsewhere('auto'), { ok: false, problem: { code: 'driver-missing' } })
  },
)

void t.test('a broken driver is a better answer than a missing one', { skip: !withoutBuiltIn }, async (t) => {
  install({ sqlite3: 'never built' })
  t.match(chooseElsewhere('auto'), { ok: false, problem: { code: 'driver-broken' } })
})
