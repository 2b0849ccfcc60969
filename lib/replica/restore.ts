import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import { ProblemError, problemOf } from '../engine/problem-error.ts'
import { problemOfDisk } from '../engine/sqlite/prepare-location.ts'
import { readHistory, type History } from './history.ts'
import { keepRecord } from './local-record.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { DamagedReplica, RestoredFile } from './restored-file.ts'
import { firstHash } from './segment.ts'

/** How a restore is done. */
export interface RestoreOptions {
  /** Opens a file and says what SQLite's `integrity_check` says of it: `ok`, or what is wrong. */
  readonly checkIntegrity: (filename: string) => Promise<string>
  /** Whether what comes before a damage is enough: a person asked for it. Default: `false`. */
  readonly salvage?: boolean
  readonly signal?: AbortSignal
}

/** What a restore came to. */
export type Restored =
  | {
      readonly ok: true
      /** What was restored; absent where the replica holds nothing. */
      readonly history?: History
      readonly warnings: readonly Problem[]
    }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Restores the file that a replica holds. It is written under another name beside its place, checked, and then renamed: at its place it
 * is whole or not there.
 *
 * @param filename - absolute; nothing lies there.
 * @returns what was restored, or `replica-damaged`, `replica-unreachable`, `sqlite-full` and its kin. It rejects only where it is aborted.
 */
export async function restoreReplica(
  target: ReplicaTarget,
  filename: string,
  options: RestoreOptions,
): Promise<Restored> {
  try {
    const history = await readHistory(target)
    if (!history) return { ok: true, warnings: [] }
    return await restoreHistory(target, history, filename, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    return { ok: false, problem: problemFor(error, filename) }
  }
}

/** What a failure means. */
export function problemFor(error: unknown, filename: string): Problem {
  if (error instanceof ProblemError) return problemOf(error)
  return problemOfDisk(error, filename)
}

async function restoreHistory(
  target: ReplicaTarget,
  history: History,
  filename: string,
  options: RestoreOptions,
): Promise<Restored> {
  const { salvage = false } = options
  const damaged = (why: string): Restored => ({ ok: false, problem: replicaDamaged(target, why) })
  if (history.damage !== undefined && (!salvage || history.stretches.length === 0))
    return damaged(history.damage)
  const path = `${filename}-restoring`
  await mkdir(dirname(filename), { recursive: true })
  try {
    const written = await writeHistory(target, history, path, options)
    const damage = written.damage ?? history.damage
    // Without its base it is no database, however well SQLite finds what was written.
    if (damage !== undefined && !(salvage && written.hasBase)) return damaged(damage)
    const found = await options.checkIntegrity(path)
    if (found !== 'ok') return damaged(`SQLite finds its file malformed (${found.slice(0, 200)})`)
    // First, since it is the proof that the file belongs to the replica: without it no start would use the file.
    await noteRestored(target, history, { filename, path, isSalvaged: damage !== undefined })
    await putInPlace(path, filename)
    const why = damage ?? history.torn
    return { ok: true, history, warnings: why === undefined ? [] : [replicaDamaged(target, why)] }
  } finally {
    await rm(path, { force: true })
  }
}

/** @param file - `path`: where it is until it is put in its place. */
async function noteRestored(
  target: ReplicaTarget,
  { end: { point } }: History,
  file: { readonly filename: string; readonly path: string; readonly isSalvaged: boolean },
): Promise<void> {
  const { filename, path, isSalvaged } = file
  const record = { replica: target.name, point, isExact: true, ...(isSalvaged && { isSalvaged }) }
  await keepRecord(filename, record, path)
}

/** @returns what is damaged, if anything is, and whether its base is whole: then what comes before the damage was written. */
async function writeHistory(
  target: ReplicaTarget,
  { stretches }: History,
  path: string,
  { signal }: RestoreOptions,
): Promise<{ readonly hasBase: boolean; readonly damage?: string }> {
  let hasBase = false
  const file = await RestoredFile.create(target, path, signal)
  try {
    for (const { generation, start, segments } of stretches) {
      if (start.base) await file.writeBase(start.base)
      hasBase = true
      await file.writeSegments(segments, firstHash(generation))
    }
    return { hasBase }
  } catch (error) {
    if (error instanceof DamagedReplica) return { hasBase, damage: error.message }
    throw error
  } finally {
    await file.close()
  }
}

/** A log or a journal that was left without its file belongs to another one: SQLite would take it for that of this file. */
async function putInPlace(path: string, filename: string): Promise<void> {
  for (const left of [`${filename}-wal`, `${filename}-journal`])
    if (existsSync(left)) await rename(left, `${left}-replaced`)
  await rm(`${filename}-shm`, { force: true })
  await rename(path, filename)
}

/** What is said of a replica that is not whole. */
export function replicaDamaged(target: Pick<ReplicaTarget, 'name'>, why: string): Problem {
  return problem('replica-damaged', { target: `The replica ${target.name}`, why })
}
