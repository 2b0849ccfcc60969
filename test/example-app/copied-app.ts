import { join } from 'node:path'
import { newFolder } from '#test/new-folder.js'
import type { ServeOptions } from './serve.ts'

/** An app on a file of its own, in `folder`, which is copied into another folder beside it. */
export function copied(env: Readonly<Record<string, string>> = {}): ServeOptions & { folder: string } {
  const folder = newFolder()
  const url = `sqlite:${join(folder, 'tasks.db')}`
  const SQLITE_REPLICA = `file://${folder}/replica`
  return { folder, env: { DATABASE_URL: url, SQLITE_REPLICA, ...env }, sqlite: { replicaIntervalMs: 100 } }
}
