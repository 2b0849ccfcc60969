import type { FallbackReason } from '../problem/reason.ts'
import type { ResolveOptions, SqliteDriver } from './config.ts'
import { describeType } from './environment.ts'
import { strategyNames } from './strategy.ts'

const reasons: Readonly<Record<FallbackReason, true>> = {
  missing: true,
  empty: true,
  malformed: true,
  unsupported: true,
  driver: true,
  unreachable: true,
  auth: true,
  'database-missing': true,
  tls: true,
  'read-only': true,
}

const drivers: readonly ('auto' | SqliteDriver)[] = ['auto', 'sqlite3', 'better-sqlite3', 'node:sqlite']

/**
 * Checks the types of options: a wrong one is a programmer's mistake.
 *
 * @param options - what the program passed.
 * @throws TypeError that names the option. It shows no value, which may be a secret.
 */
export function checkOptions(options: ResolveOptions): void {
  expect(isObject(options), 'options', 'an object', options)
  const { env, url, variables, strategy, sqlite, cwd } = options
  expect(env === undefined || isObject(env), 'options.env', 'an object', env)
  expectString('options.url', url)
  expectStrings('options.variables', variables)
  expectStrategy(strategy)
  expectString('options.cwd', cwd)
  expect(sqlite === undefined || isObject(sqlite), 'options.sqlite', 'an object', sqlite)
  expectString('options.sqlite.filename', sqlite?.filename)
  expectStrings('options.sqlite.directories', sqlite?.directories)
  const driver = sqlite?.driver
  expect(
    driver === undefined || drivers.includes(driver),
    'options.sqlite.driver',
    `one of ${drivers.join(', ')}`,
    driver,
  )
}

function expectStrategy(strategy: ResolveOptions['strategy']): void {
  if (strategy === undefined || strategyNames.some((name) => name === strategy)) return
  const expected = `one of ${strategyNames.join(', ')}, or a record by reason`
  expect(isObject(strategy), 'options.strategy', expected, strategy)
  for (const [reason, action] of Object.entries(strategy)) {
    const known = Object.keys(reasons).join(', ')
    expect(
      Object.hasOwn(reasons, reason),
      `options.strategy.${reason}`,
      `left out: the reasons are ${known}`,
      action,
    )
    const isAction = action === 'fallback' || action === 'wait'
    expect(isAction, `options.strategy.${reason}`, `'fallback' or 'wait'`, action)
  }
}

function expectString(name: string, value: unknown): void {
  expect(value === undefined || typeof value === 'string', name, 'a string', value)
}

function expectStrings(name: string, value: unknown): void {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  expect(value === undefined || isList, name, 'an array of strings', value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expect(isRight: boolean, name: string, expected: string, got: unknown): void {
  if (!isRight) throw new TypeError(`${name} must be ${expected}, got ${describeType(got)}`)
}
