import { fstatSync, statSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isNowhere, type HistoryPoint } from './start.ts'

/** A place of the replica up to which the file here is known to hold all. */
export interface KnownPlace {
  /** The printable address of the replica. */
  readonly replica: string
  readonly point: HistoryPoint
  /** Another one, which may not have begun in the replica: the answer to that was never heard. */
  readonly next?: HistoryPoint
  /** A person restored what is left of a damaged replica, and goes on from there. */
  readonly isSalvaged?: boolean
}

/** What is known of the file here, and of what the replica holds of it. */
export interface LocalRecord extends KnownPlace {
  /** Whether it holds nothing beyond that. */
  readonly isExact: boolean
}

/** Of the file, as long as nobody writes to it. */
interface Looks {
  readonly size: number
  readonly modifiedNs: string
}

/** The record lies beside the file. */
function recordPath(filename: string): string {
  return `${filename}-replica`
}

/**
 * Notes what is known of the file as it is now, without its log.
 *
 * @param file - the file itself, open or not: another one may have been put in its place.
 */
export async function keepRecord(
  filename: string,
  record: LocalRecord,
  file: string | number = filename,
): Promise<void> {
  const path = recordPath(filename)
  await writeFile(`${path}.new`, JSON.stringify({ ...record, ...lookAt(file) }))
  await rename(`${path}.new`, path)
}

/** The replica that held a copy of a file, which may not be there itself any more; absent where nothing is known. */
export async function recordedReplica(filename: string): Promise<string | undefined> {
  try {
    const { replica, point } = await readNote(filename)
    return isNowhere(point) ? undefined : replica
  } catch {
    return undefined
  }
}

/** Reads what is known of the file, and whether nobody has written to the file since; absent where nothing is. */
export async function readRecord(
  filename: string,
): Promise<(LocalRecord & { readonly isCurrent: boolean }) | undefined> {
  try {
    const { size, modifiedNs, ...record } = await readNote(filename)
    const now = lookAt(filename)
    return { ...record, isCurrent: now.size === size && now.modifiedNs === modifiedNs }
  } catch {
    return undefined
  }
}

async function readNote(filename: string): Promise<LocalRecord & Looks> {
  return JSON.parse(await readFile(recordPath(filename), 'utf8')) as LocalRecord & Looks
}

function lookAt(file: string | number): Looks {
  const { size, mtimeNs } = typeof file === 'string' ? statSync(file, exact) : fstatSync(file, exact)
  return { size: Number(size), modifiedNs: String(mtimeNs) }
}

const exact = { bigint: true } as const
