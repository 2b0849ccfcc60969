import type { SqliteLocation } from './config.ts'

/** What becomes of the rows of a SQLite file, as a sentence, by what its place promises. */
export const durabilityMeanings: Readonly<Record<SqliteLocation['durability'], string>> = {
  persistent: 'Its rows outlive this program and its container.',
  replicated: 'Its rows are copied to the replica as they are written, and outlive this disk.',
  bucket: 'Its rows outlive the container, but a crash may lose the last seconds.',
  ephemeral: 'Its rows will be lost with this container, or when the machine is cleaned up.',
  memory: 'Its rows will be lost when this program ends.',
  unknown: 'It cannot be seen from here what this disk outlives.',
}
