import { addToChecksum, type Checksum } from './log-checksum.ts'

/** What the log of SQLite says of itself at its beginning. */
export interface LogHeader {
  /** Others whenever the log is begun anew. */
  readonly salts: readonly [number, number]
  readonly pageSize: number
  readonly isBigEndian: boolean
  /** What the checksums of the frames go on from. */
  readonly checksum: Checksum
}

/** How long it is, in bytes. */
export const headerBytes = 32

/** Reads it; nothing where there is none, or it is just being written. */
export function readLogHeader(bytes: Buffer): LogHeader | undefined {
  if (bytes.length < headerBytes) return undefined
  const magic = bytes.readUInt32BE(0)
  const isBigEndian = (magic & 1) === 1
  const checksum: Checksum = [bytes.readUInt32BE(24), bytes.readUInt32BE(28)]
  const [first, second] = addToChecksum([0, 0], bytes.subarray(0, 24), isBigEndian)
  if (magic >>> 1 !== 0x377f0682 >>> 1 || first !== checksum[0] || second !== checksum[1]) return undefined
  const salts = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] as const
  return { salts, pageSize: bytes.readUInt32BE(8), isBigEndian, checksum }
}
