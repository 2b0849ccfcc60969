import { chmodSync, chownSync, cpSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Copies the data directory of a PostgreSQL server that was stopped, for the same user of the system. */
export function copyDataDirectory(from: string, to: string): void {
  const { uid, gid } = statSync(join(from, 'PG_VERSION'))
  cpSync(from, to, { recursive: true, preserveTimestamps: true })
  // Node 22 and 24 copy a directory without its mode, on which the server insists.
  chmodSync(to, 0o700)
  rmSync(join(to, 'postmaster.pid'), { force: true })
  for (const path of ['', ...readdirSync(to, { recursive: true, encoding: 'utf8' })])
    chownSync(join(to, path), uid, gid)
}
