import type { DatabaseConfig } from '../resolve/config.ts'
import type { DatabaseTarget } from '../url/target.ts'
import type { EngineOptions } from './engine.ts'
import { sqliteDrivers } from './sqlite/driver-names.ts'
import { longestMs } from './time.ts'

const drivers: readonly string[] = ['auto', ...sqliteDrivers]

/**
 * Checks the types of what an engine is made of: a wrong one is a programmer's mistake.
 *
 * @throws TypeError that names the option. It shows no value, which may be a secret.
 */
export function checkEngineOptions(options: EngineOptions): void {
  const { pool, connectTimeoutMs, sqliteDriver = 'auto', log } = expectObject('options', options)
  expectBetween('options.connectTimeoutMs', connectTimeoutMs, 1, longestMs)
  expect(drivers.includes(sqliteDriver), 'options.sqliteDriver', `one of ${drivers.join(', ')}`)
  expectFunction('options.log', log)
  if (pool === undefined) return
  const { min, max, acquireTimeoutMs } = expectObject('options.pool', pool)
  expectBetween('options.pool.min', min, 0, max ?? Infinity)
  expectBetween('options.pool.max', max, 1, Infinity)
  expectBetween('options.pool.acquireTimeoutMs', acquireTimeoutMs, 1, longestMs)
}

/** Checks that what an engine is made of is a configuration or a target. */
export function checkEngineConfig(config: DatabaseConfig | DatabaseTarget): void {
  const named = expectObject('config', config)
  expect('kind' in named || 'dialect' in named, 'config', 'a configuration or a target')
}

/** Checks an option that is a function, if it is given. */
export function expectFunction(name: string, value: unknown): void {
  expect(value === undefined || typeof value === 'function', name, 'a function')
}

function expectObject<T extends object>(name: string, value: T): T {
  expect(typeof value === 'object' && value !== null, name, 'an object')
  return value
}

/** Checks an option that is a number, if it is given. */
export function expectBetween(name: string, value: number | undefined, least: number, most: number): void {
  const isRight = value === undefined || (typeof value === 'number' && value >= least && value <= most)
  expect(isRight, name, most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`)
}

function expect(isRight: boolean, name: string, expected: string): void {
  if (!isRight) throw new TypeError(`${name} must be ${expected}`)
}
