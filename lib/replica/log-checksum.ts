import { endianness } from 'node:os'

/** SQLite's running checksum of its log: two sums over 32-bit words, each word added to the other sum. */
export type Checksum = readonly [first: number, second: number]

const isLittle = endianness() === 'LE'

/**
 * Adds bytes to a checksum.
 *
 * @param bytes - a multiple of eight.
 * @param isBigEndian - how the log's header says its words are read.
 * @see {@link https://sqlite.org/fileformat2.html#checksum_algorithm}
 */
export function addToChecksum(sum: Checksum, bytes: Buffer, isBigEndian: boolean): Checksum {
  const words = wordsOf(bytes, isBigEndian)
  let [first, second] = sum
  for (let at = 0; at < words.length; at += 2) {
    first = (first + words[at]! + second) | 0
    second = (second + words[at + 1]! + first) | 0
  }
  return [first >>> 0, second >>> 0]
}

function wordsOf(bytes: Buffer, isBigEndian: boolean): Uint32Array {
  const isAligned = bytes.byteOffset % 4 === 0
  const aligned = isAligned && isBigEndian !== isLittle ? bytes : Buffer.from(bytes)
  if (isBigEndian === isLittle) aligned.swap32()
  // A small copy lies in a pool of Node.js, at any multiple of eight.
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
}
