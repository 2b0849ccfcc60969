import { isBuiltin } from 'node:module'
import type { SqliteDriver } from '#lib/resolve/config.js'

/** Every driver, with why it cannot be tried here. */
export const sqliteDrivers: readonly { readonly name: SqliteDriver; readonly skip: string | false }[] = [
  { name: 'sqlite3', skip: false },
  { name: 'better-sqlite3', skip: false },
  {
    name: 'node:sqlite',
    skip: isBuiltin('node:sqlite') ? false : `Node.js ${process.versions.node} has no node:sqlite`,
  },
]
