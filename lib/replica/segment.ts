import { hashOf } from './hash.ts'
import { keys, type SegmentName } from './keys.ts'
import type { LogPiece, LogPoint } from './log-reader.ts'

/** Committed pages, as they lie in the replica. */
export interface Segment extends SegmentName {
  readonly content: Buffer
}

/** What a segment says of itself, before its pages. */
interface SegmentHeader {
  readonly pageSize: number
  readonly commitPages: number
  readonly numbers: readonly number[]
  /** Where it ends in SQLite's log: by this a file that is there is known again. */
  readonly end: LogPoint
}

/** What is in a segment. */
export interface ReadSegment extends Omit<SegmentHeader, 'numbers'> {
  readonly pages: readonly (readonly [number: number, page: Buffer])[]
}

/** Where a generation's chain of hashes begins: no segment of another one fits. */
export function firstHash(generation: string): string {
  return hashOf(generation)
}

/** Makes a segment of what was read from the log. */
export function makeSegment(
  generation: string,
  position: number,
  hashBefore: string,
  { frames, pageSize, commitPages, pages, end }: LogPiece,
): Segment {
  const header: SegmentHeader = { pageSize, commitPages, numbers: [...pages.keys()], end }
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...pages.values()])
  const hash = hashOf(hashBefore, content)
  const name = { key: '', position, frames, bytes: content.length, hash, endsCommit: commitPages > 0 }
  return { ...name, key: keys.segment(generation, name), content }
}

/** Whether this is the segment of that name, after the one with that hash. */
export function isSegment({ bytes, hash }: SegmentName, hashBefore: string, content: Buffer): boolean {
  return content.length === bytes && hashOf(hashBefore, content) === hash
}

/** Reads a segment that was checked. */
export function readSegment(content: Buffer): ReadSegment {
  const headerEnd = content.indexOf('\n')
  const { numbers, ...header } = JSON.parse(content.toString('utf8', 0, headerEnd)) as SegmentHeader
  const pages = numbers.map((number, index) => {
    const at = headerEnd + 1 + index * header.pageSize
    return [number, content.subarray(at, at + header.pageSize)] as const
  })
  return { ...header, pages }
}
