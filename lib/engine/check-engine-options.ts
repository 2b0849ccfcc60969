import type { DatabaseConfig } from '../resolve/config.ts'
import {
  aBoolean,
  aFunction,
  anObject,
  between,
  checkOptions,
  expect,
  objectOf,
  oneOf,
  type OptionCheck,
  type OptionChecks,
} from '../url/option-checks.ts'
import type { DatabaseTarget } from '../url/target.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { engineDefaults } from './engine-defaults.ts'
import { handedOver } from './handed-over.ts'
import type { Drivers, KnexOptions } from './knex-options.ts'
import { sqliteDrivers } from './sqlite/driver-names.ts'
import { longestMs } from './time.ts'

const drivers: readonly string[] = ['auto', ...sqliteDrivers]

const pool = objectOf<NonNullable<EngineOptions['pool']>>({
  min: between(0, Infinity),
  max: between(1, Infinity),
  acquireTimeoutMs: between(1, longestMs),
})

const knexOptions = objectOf<KnexOptions>({
  postProcessResponse: aFunction,
  wrapIdentifier: aFunction,
  migrations: anObject,
  seeds: anObject,
  useNullAsDefault: aBoolean,
  asyncStackTraces: aBoolean,
  debug: aBoolean,
  compileSqlOnError: aBoolean,
  defaultDateTimePrecision: between(0, 6),
  log: anObject,
  userParams: anObject,
  pool: objectOf<NonNullable<KnexOptions['pool']>>({ afterCreate: aFunction, validate: aFunction }),
})

const aPackage =
  (driver: keyof Drivers): OptionCheck =>
  (name, value) =>
    expect(handedOver({ [driver]: value }, driver) !== undefined, name, `the package ${driver}`, value)

/** What each option of an engine may be. */
export const engineOptions: OptionChecks<EngineOptions> = {
  connectTimeoutMs: between(1, longestMs),
  pool(name, value) {
    pool(name, value)
    const { min = 0, max = Infinity } = value as NonNullable<EngineOptions['pool']>
    between(0, max)(`${name}.min`, min)
  },
  sqliteDriver: oneOf(drivers),
  credentials: aFunction,
  knex: knexOptions,
  drivers: objectOf<Drivers>({
    knex: aPackage('knex'),
    pg: aPackage('pg'),
    mysql2: aPackage('mysql2'),
    'better-sqlite3': aPackage('better-sqlite3'),
    sqlite3: aPackage('sqlite3'),
  }),
  log: aFunction,
}

/** Checks what `createEngine` was given. */
export function checkEngineOptions(options: EngineOptions): void {
  checkOptions('options', options, engineOptions)
}

type ProbeOptions = NonNullable<Parameters<Engine['probe']>[0]>

const probeOptions: OptionChecks<ProbeOptions> = {
  timeoutMs: between(0, Infinity),
  write: aBoolean,
}

/** Checks how an engine is asked, and fills in what was not said. */
export function readProbeOptions(options: ProbeOptions): Required<ProbeOptions> {
  checkOptions('options', options, probeOptions)
  const { timeoutMs = engineDefaults.probeTimeoutMs, write = false } = options
  return { timeoutMs, write }
}

/** Checks that what an engine is made of is a configuration or a target. */
export function checkEngineConfig(config: DatabaseConfig | DatabaseTarget): void {
  anObject('config', config)
  expect('kind' in config || 'dialect' in config, 'config', 'a configuration or a target', config)
}
