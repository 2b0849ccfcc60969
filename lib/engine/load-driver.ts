import { realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { problem, type Problem } from '../problem/problem.ts'
import { workingDirectory } from '../resolve/working-directory.ts'
import { handedOver } from './handed-over.ts'
import type { Drivers } from './knex-options.ts'

/** A module, or why there is none. */
export type LoadedDriver =
  { readonly ok: true; readonly module: unknown } | { readonly ok: false; readonly problem: Problem }

/** What to do when a package is not there, where `npm install` of it is not the answer. */
const missingHints: Readonly<Record<string, string>> = {
  'node:sqlite':
    'It is a part of Node.js 22.13 and later: update Node.js, or run: npm install better-sqlite3',
  aws4fetch:
    'Run: npm install aws4fetch. Where a program is bundled, the bundle must leave it out: it is loaded on demand.',
}

/** What to do when a package is there but does not load. */
const brokenAdvice: Readonly<Record<string, string>> = {
  sqlite3: nativeAdvice('sqlite3', 'better-sqlite3'),
  'better-sqlite3': nativeAdvice('better-sqlite3', 'sqlite3'),
}

const noAddons =
  'This Node.js was told to load no native parts: start it without --no-addons, or with --allow-addons beside --permission.'

/**
 * Loads a package on demand, and tells one that is not installed from one that does not work.
 *
 * @param name - the package, or the module of Node itself, such as `pg` or `node:sqlite`.
 * @param target - who needs it; the subject of the problem's sentence.
 * @param drivers - those that the program hands over.
 * @returns the module, or a problem: `driver-missing`, or `driver-broken` where it is installed but fails to load, such
 *   as a native addon that was never built or was built for another Node.js.
 *
 * @example
 * ```ts
 * const loaded = loadDriver('pg')
 * if (!loaded.ok) return loaded
 * ```
 */
export function loadDriver(name: string, target = 'The database', drivers?: Drivers): LoadedDriver {
  const given = handedOver(drivers, name)
  if (given !== undefined) return { ok: true, module: given }
  const load = findLoader(name)
  if (!load) return { ok: false, problem: driverMissing(name, target) }
  try {
    return { ok: true, module: load(name) }
  } catch (error) {
    return { ok: false, problem: driverBroken(name, target, error) }
  }
}

/** Where a package lies, for another thread of this process to load the very same; nothing where it is not installed. */
export function locateDriver(name: string): string | undefined {
  return name.startsWith('node:') ? name : findLoader(name)?.resolve(name)
}

/** The problem of a driver that is installed but does not work. */
export function driverBroken(name: string, target = 'The database', error?: unknown): Problem {
  const isForbidden = (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_DLOPEN_DISABLED'
  const advice = isForbidden ? noAddons : (brokenAdvice[name] ?? `Install it again: npm install ${name}`)
  return problem('driver-broken', { target, package: name, advice })
}

function driverMissing(name: string, target: string): Problem {
  const missing = problem('driver-missing', { target, package: name })
  const hint = missingHints[name]
  if (hint !== undefined) return { ...missing, hint }
  return isBundled() ? { ...missing, ...notInBundle(name, target) } : missing
}

type Loader = NodeJS.Require

/** Bundlers take `createRequire` out where it is imported by name; webpack puts nothing in its place. */
function nodeModule(): typeof import('node:module') {
  return process.getBuiltinModule('node:module')
}

/** Where packages are looked for: beside this one, beside the program that was started, and where it was started. */
function* loaders(): Iterable<Loader> {
  // Bundlers replace the address of a module: by nothing, or by the one that it had when the bundle was made.
  const here = (import.meta as Partial<ImportMeta>).url
  const { createRequire } = nodeModule()
  const [, program] = process.argv
  if (here) yield createRequire(here)
  if (program) yield createRequire(pathToFileURL(program))
  yield createRequire(pathToFileURL(join(workingDirectory(), 'program.js')))
}

/** What can load a package, or nothing where it is not installed. */
function findLoader(name: string): Loader | undefined {
  for (const load of loaders()) if (finds(load, name)) return load
  return undefined
}

function finds(load: Loader, name: string): boolean {
  if (name.startsWith('node:')) return nodeModule().isBuiltin(name)
  try {
    load.resolve(name)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'
  }
}

/** Whether a bundler has taken this module out of its package. */
function isBundled(): boolean {
  const here = (import.meta as Partial<ImportMeta>).url
  if (!here) return true
  try {
    const home = dirname(nodeModule().createRequire(here).resolve('failsoft/package.json'))
    return !fileURLToPath(here).startsWith(realpathSync(home) + sep)
  } catch {
    return true
  }
}

function notInBundle(name: string, target: string): Pick<Problem, 'message' | 'hint'> {
  return {
    message: `${target} needs the package "${name}", which is not in this bundle, and not installed where the program runs.`,
    hint: `Keep it external, and where the program runs: npm install ${name}. Or hand it over: openDatabase({ drivers: { '${name}': … } })`,
  }
}

function nativeAdvice(name: string, next: string): string {
  return (
    `Its native part is absent or was built for another Node.js. npm 12 does not run install scripts by itself: add ` +
    `"allowScripts": { "${name}": true } to package.json and run: npm rebuild ${name}. Or use another driver: npm install ${next}`
  )
}
