import { existsSync } from 'node:fs'
import { mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { OpenOptions } from '../connection/database.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { readReplicaAddress } from '../resolve/replica-address.ts'
import type { Row } from '../resolve/rows.ts'
import { formatUrl } from '../url/format-url.ts'
import type { Surface } from './command.ts'
import type { RestoredCopy } from './restored-copy.ts'

/**
 * Proves that a restore would work: it is done, into a temporary file. The program that writes to the replica goes on, since its lease is
 * not asked for.
 */
export async function checkReplica(
  { replica }: DatabaseConfig,
  env: Surface['env'],
): Promise<RestoredCopy | undefined> {
  if (!replica) return undefined
  const { restoreCopy } = await import('./restored-copy.ts')
  const directory = await mkdtemp(join(tmpdir(), 'failsoft-restore-'))
  const made = missingDirectory(replica.url, env)
  try {
    return await restoreCopy(replica.url, join(directory, 'failsoft.db'), env, false)
  } finally {
    await rm(directory, { recursive: true, force: true })
    if (made !== undefined) await rmdir(made).catch(() => undefined)
  }
}

/** The directory of a replica that is not there: a start makes it, and so does the check. */
function missingDirectory(url: string, env: Surface['env']): string | undefined {
  const read = readReplicaAddress(url, env, 'The replica')
  if (!read.ok || read.address.kind !== 'directory') return undefined
  return existsSync(read.address.directory) ? undefined : read.address.directory
}

/** Says what came of it to a person. */
export async function explainReplica(copy: RestoredCopy): Promise<readonly Row[]> {
  const { explainCopy } = await import('./restored-copy.ts')
  return explainCopy(copy)
}

/**
 * How the database itself is looked at beside a replica: a file only for reading, since it belongs to the program that copies it, and its
 * log tells where the replica goes on.
 *
 * @returns nothing where there is no file yet: it would be restored.
 */
export function lookBesideReplica(config: DatabaseConfig, env: Surface['env']): OpenOptions | undefined {
  if (config.kind === 'unresolved') return { config }
  const { target } = config
  if (target.dialect !== 'sqlite') return { env: { ...env, SQLITE_REPLICA: '' }, strategy: 'never' }
  const filename = resolve(target.filename)
  if (!existsSync(filename)) return undefined
  const params = { ...target.params, mode: 'ro' }
  return { url: formatUrl({ ...target, filename, params }, { reveal: true }), env: {}, strategy: 'never' }
}
