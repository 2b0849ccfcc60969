import type { Drivers } from './knex-options.ts'

/** The function or class by which each package is known. */
const marks: Readonly<Record<keyof Drivers, (module: Module) => unknown>> = {
  knex: (knex) => typeof knex === 'function' && knex['KnexTimeoutError'],
  pg: (pg) => pg['Client'] && pg['Connection'],
  mysql2: (mysql2) => mysql2['createConnection'] && mysql2['createPool'] && mysql2['createServer'],
  'better-sqlite3': (sqlite) => typeof sqlite === 'function' && 'SqliteError' in sqlite,
  sqlite3: (sqlite3) => sqlite3['Database'] && sqlite3['OPEN_READWRITE'],
}

type Module = Readonly<Record<string, unknown>>

/**
 * The package that a program has handed over, as CommonJS has it: a namespace of `import *` holds that in `default`.
 *
 * @returns nothing where there is none, or where it is another package.
 */
export function handedOver(drivers: Drivers | undefined, name: string): unknown {
  const isKnown = Object.hasOwn(marks, name)
  const given = isKnown ? (drivers?.[name as keyof Drivers] as Module | undefined) : undefined
  const mark = marks[name as keyof Drivers]
  return [given?.['default'] as Module, given].find((module) => module && mark(module))
}
