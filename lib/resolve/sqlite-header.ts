import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** What the first bytes of a file say. */
export type HeaderLook =
  | { readonly kind: 'database'; readonly hasTables: boolean }
  | { readonly kind: 'not-a-database' | 'corrupt'; readonly why: string }

const magic = Buffer.from('SQLite format 3\0')
const headerBytes = 100

/**
 * Looks at the first bytes of a SQLite file that nobody in this process has open.
 *
 * @param hasJournal - tells whether a journal lies beside it: then the file alone is not the whole truth.
 * @see {@link https://sqlite.org/fileformat2.html}
 */
export function lookAtHeader(path: string, hasJournal: () => boolean): HeaderLook {
  const descriptor = openSync(path, 'r')
  try {
    const header = readHeader(descriptor)
    // In this order: who moves the log into the file writes the header first, and takes the log away last.
    const isWhole = !hasJournal()
    const { size } = fstatSync(descriptor)
    const isStill = header.equals(readHeader(descriptor))
    if (size < headerBytes || !header.subarray(0, magic.length).equals(magic)) {
      return { kind: 'not-a-database', why: 'it does not begin as a SQLite file does' }
    }
    const damage = findDamage(header, size, isWhole && isStill)
    if (damage) return { kind: 'corrupt', why: damage }
    // The first page holds the schema, and each table begins on one of its own.
    return { kind: 'database', hasTables: size > pageSizeOf(header) }
  } finally {
    closeSync(descriptor)
  }
}

function readHeader(descriptor: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  readSync(descriptor, header, { position: 0 })
  return header
}

function pageSizeOf(header: Buffer): number {
  const written = header.readUInt16BE(16)
  return written === 1 ? 65_536 : written
}

function findDamage(header: Buffer, size: number, isWhole: boolean): string | undefined {
  const pageSize = pageSizeOf(header)
  const fractions = header.subarray(21, 24)
  const isPowerOfTwo = (pageSize & (pageSize - 1)) === 0
  if (pageSize < 512 || !isPowerOfTwo) return 'its header has an impossible page size'
  if (!fractions.equals(Buffer.from([64, 32, 32]))) return 'its header has impossible values'
  if (header.readUInt32BE(44) > 4 || header.readUInt32BE(56) > 3) return 'its header has impossible values'
  // The page count is valid only if the version that wrote it is the last that wrote anything.
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  const wanted = header.readUInt32BE(28) * pageSize
  if (isCountValid && isWhole && size < wanted) return `it is cut off: ${size} of ${wanted} bytes are there`
  return undefined
}
