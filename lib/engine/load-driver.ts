import { createRequire, isBuiltin } from 'node:module'
import { problem, type Problem } from '../problem/problem.ts'

const require = createRequire(import.meta.url)

/** A module, or why there is none. */
export type LoadedDriver =
  { readonly ok: true; readonly module: unknown } | { readonly ok: false; readonly problem: Problem }

/** What to do when a package is not there, where `npm install` of it is not the answer. */
const missingHints: Readonly<Record<string, string>> = {
  'node:sqlite':
    'It is a part of Node.js 22.13 and later: update Node.js, or run: npm install better-sqlite3',
}

/** What to do when a package is there but does not load. */
const brokenAdvice: Readonly<Record<string, string>> = {
  sqlite3: nativeAdvice('sqlite3', 'better-sqlite3'),
  'better-sqlite3': nativeAdvice('better-sqlite3', 'sqlite3'),
}

/**
 * Loads a package on demand, and tells one that is not installed from one that does not work.
 *
 * @param name - the package, or the module of Node itself, such as `pg` or `node:sqlite`.
 * @param target - who needs it; the subject of the problem's sentence.
 * @returns the module, or a problem: `driver-missing`, or `driver-broken` where it is installed but fails to load, such
 *   as a native addon that was never built or was built for another Node.js.
 *
 * @example
 * ```ts
 * const loaded = loadDriver('pg')
 * if (!loaded.ok) return loaded
 * ```
 */
export function loadDriver(name: string, target = 'The database'): LoadedDriver {
  if (!isInstalled(name)) return { ok: false, problem: driverMissing(name, target) }
  try {
    return { ok: true, module: require(name) }
  } catch {
    return { ok: false, problem: driverBroken(name, target) }
  }
}

/** The problem of a driver that is installed but does not work. */
export function driverBroken(name: string, target = 'The database'): Problem {
  const advice = brokenAdvice[name] ?? `Install it again: npm install ${name}`
  return problem('driver-broken', { target, package: name, advice })
}

function driverMissing(name: string, target: string): Problem {
  const missing = problem('driver-missing', { target, package: name })
  const hint = missingHints[name]
  return hint ? { ...missing, hint } : missing
}

function isInstalled(name: string): boolean {
  if (name.startsWith('node:')) return isBuiltin(name)
  try {
    require.resolve(name)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'
  }
}

function nativeAdvice(name: string, next: string): string {
  return (
    `Its native part is absent or was built for another Node.js. npm 12 does not run install scripts by itself: add ` +
    `"allowScripts": { "${name}": true } to package.json and run: npm rebuild ${name}. Or use another driver: npm install ${next}`
  )
}
