import { closeSync, openSync, readSync } from 'node:fs'
import { readWal } from './sqlite-wal.ts'

/** What the first page of a file says. */
export type HeaderLook =
  | { readonly kind: 'database'; readonly hasRows: boolean }
  | { readonly kind: 'not-a-database' | 'corrupt'; readonly why: string }

/** Reads a part of a file. */
type Read = (position: number, length: number) => Buffer

const magic = Buffer.from('SQLite format 3\0')
const headerBytes = 100
/** Tables that hold rows in an empty application too. */
const bookkeeping = /^(?:sqlite_|knex_migrations)/

/**
 * Looks at the first bytes of a SQLite file that nobody in this process has open.
 *
 * @param path - the file; it is not empty.
 * @param size - its size in bytes.
 * @param hasJournal - whether a journal lies beside it: then the file alone is not the whole truth.
 * @see {@link https://sqlite.org/fileformat2.html}
 */
export function lookAtHeader(path: string, size: number, hasJournal: boolean): HeaderLook {
  const descriptor = openSync(path, 'r')
  try {
    const read: Read = (position, length) => {
      const buffer = Buffer.alloc(length)
      readSync(descriptor, buffer, 0, length, position)
      return buffer
    }
    const header = read(0, headerBytes)
    if (size < headerBytes || !header.subarray(0, magic.length).equals(magic)) {
      return { kind: 'not-a-database', why: 'it does not begin as a SQLite file does' }
    }
    const damage = findDamage(header, size, hasJournal)
    if (damage) return { kind: 'corrupt', why: damage }
    return { kind: 'database', hasRows: holdsRows(pageReader(read, path, pageSizeOf(header))) }
  } finally {
    closeSync(descriptor)
  }
}

function pageSizeOf(header: Buffer): number {
  const written = header.readUInt16BE(16)
  return written === 1 ? 65_536 : written
}

function findDamage(header: Buffer, size: number, hasJournal: boolean): string | undefined {
  const pageSize = pageSizeOf(header)
  const fractions = header.subarray(21, 24)
  const isPowerOfTwo = (pageSize & (pageSize - 1)) === 0
  if (pageSize < 512 || !isPowerOfTwo) return 'its header has an impossible page size'
  if (!fractions.equals(Buffer.from([64, 32, 32]))) return 'its header has impossible values'
  if (header.readUInt32BE(44) > 4 || header.readUInt32BE(56) > 3) return 'its header has impossible values'
  // The page count is valid only if the version that wrote it is the last that wrote anything.
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  const wanted = header.readUInt32BE(28) * pageSize
  if (isCountValid && !hasJournal && size < wanted)
    return `it is cut off: ${size} of ${wanted} bytes are there`
  return undefined
}

/** Reads a page by its number, from 1. */
type ReadPage = (number: number) => Buffer

function pageReader(read: Read, path: string, pageSize: number): ReadPage {
  const newer = readWal(`${path}-wal`)
  return (number) => newer.get(number) ?? read((number - 1) * pageSize, pageSize)
}

/** The kinds of pages of a tree: those inside it have others below, those at its end have the rows. A table without row ids is an index. */
const leafTable = 13
const innerPages = [2, 5]
const leafPages = [10, leafTable]

/** Looks into the schema on the first page, and for each table whether its first page has a row. Of a schema of several pages it says yes. */
function holdsRows(readPage: ReadPage): boolean {
  try {
    const page = readPage(1)
    if (page[headerBytes] !== leafTable) return true
    const cells = page.readUInt16BE(headerBytes + 3)
    return Array.from({ length: cells }, (_, index) => page.readUInt16BE(headerBytes + 8 + 2 * index))
      .map((start) => readSchemaRow(page, start))
      .some((table) => table && !bookkeeping.test(table.name) && hasRow(readPage, table.rootPage))
  } catch {
    // What cannot be followed here is for SQLite to judge.
    return false
  }
}

function hasRow(readPage: ReadPage, number: number): boolean {
  // A virtual table has no page of its own.
  if (number === 0) return false
  const page = readPage(number)
  const kind = page.readUInt8(0)
  return innerPages.includes(kind) || (leafPages.includes(kind) && page.readUInt16BE(3) > 0)
}

/** A row of sqlite_schema: type, name, tbl_name, rootpage, sql. */
function readSchemaRow(page: Buffer, start: number): { name: string; rootPage: number } | undefined {
  const cursor = { at: start }
  readVarint(page, cursor) // the size of the payload
  readVarint(page, cursor) // the row id
  const recordStart = cursor.at
  let valueAt = recordStart + readVarint(page, cursor)
  const values = Array.from({ length: 4 }, () => {
    const serialType = readVarint(page, cursor)
    const length = serialType >= 12 ? Math.floor((serialType - 12) / 2) : (integerBytes[serialType] ?? 0)
    const bytes = page.subarray(valueAt, valueAt + length)
    valueAt += length
    return bytes
  })
  const [type, name, , root] = values
  if (type?.toString() !== 'table' || !name || !root) return undefined
  return { name: name.toString(), rootPage: readInteger(root) }
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8]

function readInteger(bytes: Buffer): number {
  return bytes.length > 0 && bytes.length <= 6 ? bytes.readUIntBE(0, bytes.length) : 0
}

function readVarint(page: Buffer, cursor: { at: number }): number {
  let value = 0
  for (let index = 0; index < 9; index++) {
    const byte = page.readUInt8(cursor.at++)
    value = value * 128 + (byte & 127)
    if (byte < 128) break
  }
  return value
}
