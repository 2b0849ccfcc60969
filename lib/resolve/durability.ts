import type { SqliteLocation } from './config.ts'

/** What becomes of the rows of a SQLite file, as a sentence, by what its place promises. */
export const durabilityMeanings: Readonly<Record<SqliteLocation['durability'], string>> = {
  persistent: 'Its rows outlive this program and its container.',
  replicated: 'Its rows are copied to the replica as they are written, and outlive this disk.',
  bucket: 'Its rows outlive the container, but a crash may lose the last seconds.',
  ephemeral: 'The database is temporary: its rows will be lost.',
  memory: 'The database is in memory: its rows will be lost.',
  unknown: 'Whether its rows outlive a restart cannot be seen from here.',
}
