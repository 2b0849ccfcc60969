import { closeSync, openSync, readSync, statSync } from 'node:fs'

const walHeaderBytes = 32
const frameHeaderBytes = 24

/** SQLite keeps its logs at a few megabytes; of a larger one, the rest is not needed to see whether there are rows. */
const limitBytes = 16 * 1024 * 1024

/** The newest version of each page that a write-ahead log holds, as far as it was committed. */
export type WalPages = ReadonlyMap<number, Buffer>

/**
 * Reads the committed pages of a write-ahead log that was left behind: after a crash it may hold all that was ever written.
 *
 * @param path - the log; it need not exist.
 * @see {@link https://sqlite.org/fileformat2.html#the_write_ahead_log}
 */
export function readWal(path: string): WalPages {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= walHeaderBytes) return new Map()
  const log = Buffer.alloc(Math.min(size, limitBytes))
  const descriptor = openSync(path, 'r')
  try {
    readSync(descriptor, log)
  } finally {
    closeSync(descriptor)
  }
  return committedPages(log)
}

function committedPages(log: Buffer): WalPages {
  const pageSize = log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  const committed = new Map<number, Buffer>()
  const pending = new Map<number, Buffer>()
  const frameBytes = frameHeaderBytes + pageSize
  for (let at = walHeaderBytes; at + frameBytes <= log.length; at += frameBytes) {
    // Frames of an older round of the log have other salts.
    if (!log.subarray(at + 8, at + 16).equals(salts)) break
    pending.set(log.readUInt32BE(at), log.subarray(at + frameHeaderBytes, at + frameBytes))
    const isCommit = log.readUInt32BE(at + 4) > 0
    if (!isCommit) continue
    for (const [page, content] of pending) committed.set(page, content)
    pending.clear()
  }
  return committed
}
