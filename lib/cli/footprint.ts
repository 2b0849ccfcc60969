import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database } from '../connection/database.ts'
import { fallbackCandidates } from '../resolve/fallback-candidates.ts'

/** What SQLite keeps beside its file. */
const companions = ['', '-wal', '-shm', '-journal']

/** The files and directories that opening a database may make, so that a mere check leaves none behind. */
export class Footprint {
  readonly #missing: ReadonlySet<string>
  readonly #directories: readonly string[]

  /** @param env - the environment that is checked. */
  constructor(env: Readonly<Record<string, string | undefined>>, filename: string | undefined) {
    const named = fallbackCandidates({ env }).map(({ location }) => location.filename)
    const files = [...named, ...(filename === undefined ? [] : [filename])].filter(
      (path) => path !== ':memory:',
    )
    this.#missing = new Set(files.filter((path) => !existsSync(path)))
    this.#directories = [...this.#missing].flatMap((path) => missingAbove(path))
  }

  /** Whether the file in use was made by this check, and nobody has put a table of theirs into it. */
  async isOwn(database: Database, filename: string): Promise<boolean> {
    if (!this.#missing.has(filename)) return false
    const tables = database
      .knex('sqlite_master')
      .whereNot('name', 'like', 'failsoft%')
      .whereNot('name', 'like', 'sqlite%')
    return (await tables.limit(1)).length === 0
  }

  /** Takes the file away, and the directories that were made for it. */
  async remove(filename: string): Promise<void> {
    for (const companion of companions) await rm(filename + companion, { force: true })
    for (const directory of this.#directories) await rmdir(directory).catch(() => undefined)
  }
}

/** The directories that are not there, the deepest first. */
function missingAbove(path: string): string[] {
  const missing: string[] = []
  for (let directory = dirname(path); !existsSync(directory); directory = dirname(directory))
    missing.push(directory)
  return missing
}
