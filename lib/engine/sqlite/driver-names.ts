/** What can open a SQLite file, in the order in which it is tried where none was asked for. */
export const sqliteDrivers = ['better-sqlite3', 'sqlite3', 'node:sqlite'] as const

/** The npm package, or the module of Node itself, that opens SQLite files. */
export type SqliteDriver = (typeof sqliteDrivers)[number]
