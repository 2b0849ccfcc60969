import { randomBytes } from 'node:crypto'

/** What a segment's name says of it. */
export interface SegmentName {
  readonly key: string
  /** How many frames of its generation lie before it. */
  readonly position: number
  readonly frames: number
  readonly bytes: number
  /** Of the hash before it and its own bytes: it fits in one place only. */
  readonly hash: string
  /** Whether a transaction ends with it. */
  readonly endsCommit: boolean
}

/** What the name of a part of a base says of it. */
export interface PartName {
  readonly key: string
  readonly bytes: number
  readonly hash: string
}

/** Where the parts of a history lie. */
export const keys = {
  /** Of all generations. */
  folder: 'generations/',
  /** Names the newest generation that was whole: where it is gone, something was lost. */
  proved: 'proved',
  /** Later ones sort behind earlier ones; the last digits are like no other's, in any replica. */
  generation: (lease: number, count: number): string =>
    `${digits(lease, 10)}-${digits(count, 8)}-${randomBytes(4).toString('hex')}`,
  of: (generation: string): string => `generations/${generation}/`,
  start: (generation: string, hash: string): string => `generations/${generation}/start-${hash}`,
  part: (generation: string, index: number, bytes: number, hash: string): string =>
    `generations/${generation}/base/${digits(index, 6)}-${bytes}-${hash}`,
  segment: (generation: string, { position, frames, bytes, hash, endsCommit }: SegmentName): string =>
    `generations/${generation}/segments/${digits(position, 12)}-${frames}-${bytes}-${hash}-${endsCommit ? 'commit' : 'part'}`,
} as const

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0')
}

/** Whether a generation was begun after another one. Former versions wrote the count with four digits, and with more from 10,000 on. */
export function isLater(generation: string, other: string): boolean {
  return alike(generation) > alike(other)
}

function alike(generation: string): string {
  const [lease = '', count = '', last = ''] = generation.split('-')
  return [lease, count.padStart(8, '0'), last].join('-')
}

/** The number of the lease under which a generation was begun. */
export function leaseOf(generation: string): number {
  return Number(generation.slice(0, 10))
}

/** The same of the newest one; 0 where there is none. */
export function newestNumber(all: readonly string[]): number {
  return leaseOf([...readNames(all).keys()].at(-1) ?? '')
}

/** The names within one generation. */
export interface GenerationNames {
  /** The key of its manifest, and the hash that it must have. */
  readonly start?: { readonly key: string; readonly hash: string }
  readonly parts: readonly PartName[]
  /** By position. */
  readonly segments: readonly SegmentName[]
}

const generationPattern = /^generations\/(\d{10}-\d{4,8}-[\da-f]{8})\/(.+)$/
const startPattern = /^start-([\da-f]{32})$/
const partPattern = /^base\/\d{6}-(\d+)-([\da-f]{32})$/
const segmentPattern = /^segments\/(\d{12})-(\d+)-(\d+)-([\da-f]{32})-(commit|part)$/

/** Sorts what lies in a replica by generation, the oldest first. What has no such name is none of ours. */
export function readNames(all: readonly string[]): Map<string, GenerationNames> {
  const found = new Map<
    string,
    { start?: { key: string; hash: string }; parts: PartName[]; segments: SegmentName[] }
  >()
  for (const key of all.toSorted()) {
    const [, generation, name] = generationPattern.exec(key) ?? []
    if (generation === undefined || name === undefined) continue
    const names = found.get(generation) ?? { parts: [], segments: [] }
    found.set(generation, names)
    const [, startHash] = startPattern.exec(name) ?? []
    const [, partBytes, partHash] = partPattern.exec(name) ?? []
    if (startHash !== undefined) names.start = { key, hash: startHash }
    else if (partHash !== undefined) names.parts.push({ key, bytes: Number(partBytes), hash: partHash })
    else names.segments.push(...segmentName(key, name))
  }
  return new Map([...found].toSorted(([one], [other]) => (isLater(one, other) ? 1 : -1)))
}

function segmentName(key: string, name: string): SegmentName[] {
  const [, position, frames, bytes, hash, kind] = segmentPattern.exec(name) ?? []
  if (hash === undefined) return []
  return [
    {
      key,
      position: Number(position),
      frames: Number(frames),
      bytes: Number(bytes),
      hash,
      endsCommit: kind === 'commit',
    },
  ]
}
