import { isLater, keys, readNames, type GenerationNames, type SegmentName } from './keys.ts'
import type { LineSize } from './line.ts'
import type { LogPoint } from './log-reader.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { firstHash, isSegment, readSegment } from './segment.ts'
import { nowhere, readStart, type HistoryPoint, type Start } from './start.ts'

/** One generation's part of a history. */
export interface Stretch {
  readonly generation: string
  readonly start: Start
  /** Those that belong to the history, without what follows its last commit. */
  readonly segments: readonly SegmentName[]
}

/** A commit in a history. */
export interface Commit {
  readonly point: HistoryPoint
  /** Where SQLite's log stood then; absent where there was none yet. */
  readonly log?: LogPoint
}

/** What a replica holds. */
export interface History {
  /** From the base on, the oldest first. */
  readonly stretches: readonly Stretch[]
  /** Its last commit, of what is whole. */
  readonly end: Commit
  /** The last commit of all, behind a damage too; absent where that cannot be read. */
  readonly latest?: Commit
  /** Why the last segment counts for nothing. */
  readonly torn?: string
  /** Why it is not whole. */
  readonly damage?: string
}

type Names = ReadonlyMap<string, GenerationNames>

const nothing: Commit = { point: nowhere }

/** Reads what a replica holds, by its names: what lies behind them is checked when it is restored. Absent where nothing was ever copied. */
export async function readHistory(target: ReplicaTarget): Promise<History | undefined> {
  const names = readNames(await target.list(keys.folder))
  const newest = [...names].findLast(([, { start }]) => start !== undefined)?.[0]
  const proved = (await target.read(keys.proved))?.toString()
  const begun = newest ?? proved ?? findHeadless(names)
  if (begun === undefined) return undefined
  if (newest === undefined || (proved !== undefined && isLater(proved, newest))) {
    return {
      stretches: [],
      end: nothing,
      damage: `the beginning of its generation ${proved ?? begun} is gone`,
    }
  }
  const chain = await followBack(target, names, newest)
  return typeof chain === 'string'
    ? { stretches: [], end: nothing, damage: chain }
    : await readForward(target, names, chain)
}

/** A generation of which only later parts are left. One whose first base was never done has all from its beginning on. */
function findHeadless(names: Names): string | undefined {
  return [...names].find(([, { segments }]) => (segments[0]?.position ?? 0) > 0)?.[0]
}

/** A generation in a history, and where the next one goes on from it. */
interface Link {
  readonly generation: string
  readonly start: Start
  readonly until: HistoryPoint | undefined
}

/** From a generation to the base that it builds on; or what is missing there. */
async function followBack(
  target: ReplicaTarget,
  names: Names,
  newest: string,
): Promise<readonly Link[] | string> {
  const chain: Link[] = []
  let generation = newest
  let until: HistoryPoint | undefined
  for (;;) {
    const { start: named } = names.get(generation) ?? {}
    const start = named && readStart(await target.read(named.key), named.hash)
    if (!start) return `the beginning of its generation ${generation} is gone or not what it was`
    chain.unshift({ generation, start, until })
    if (!start.parent) return chain
    until = start.parent
    ;({ generation } = until)
  }
}

async function readForward(target: ReplicaTarget, names: Names, chain: readonly Link[]): Promise<History> {
  const stretches: Stretch[] = []
  for (const link of chain) {
    const { generation, start } = link
    const all = names.get(generation)?.segments ?? []
    const { segments, damage } = chooseSegments(link, all)
    stretches.push({ generation, start, segments })
    if (damage === undefined) continue
    const { end } = await readEnd(target, stretches)
    const newest = chain.at(-1)!
    const last = { ...newest, segments: untilCommit(names.get(newest.generation)?.segments ?? []) }
    const latest = last.segments.length > 0 ? await readEnd(target, [last]) : undefined
    const isKnown = latest && latest.damage === undefined
    return { stretches, end, ...(isKnown && { latest: latest.end }), damage }
  }
  const history = await readEnd(target, stretches)
  return history.damage === undefined ? { ...history, latest: history.end } : history
}

/** Those that follow each other without a hole, up to the last commit. */
function chooseSegments(
  { generation, start, until }: Link,
  names: readonly SegmentName[],
): { readonly segments: readonly SegmentName[]; readonly damage?: string } {
  let position = start.parent?.position ?? 0
  let hash = firstHash(generation)
  const segments: SegmentName[] = []
  const cut = (damage?: string): ReturnType<typeof chooseSegments> => ({
    segments: untilCommit(segments),
    ...(damage !== undefined && { damage }),
  })
  for (const name of names) {
    if (until && name.position >= until.position) break
    if (name.position > position) return cut(`a part of its generation ${generation} is missing`)
    if (name.position < position) return cut(`its generation ${generation} has parts of another history`)
    segments.push(name)
    position += name.frames
    ;({ hash } = name)
  }
  const isWhole = !until || (position === until.position && hash === until.hash)
  return isWhole ? cut() : cut(`the end of its generation ${generation} is not where the next one begins`)
}

function untilCommit(segments: readonly SegmentName[]): readonly SegmentName[] {
  return segments.slice(0, segments.findLastIndex(({ endsCommit }) => endsCommit) + 1)
}

/** Looks at the last segment, which a crash of the replica may have torn. */
async function readEnd(target: ReplicaTarget, stretches: readonly Stretch[]): Promise<History> {
  const { generation, start, segments } = stretches.at(-1)!
  const last = segments.at(-1)
  if (!last) {
    const point = start.parent ?? { generation, position: 0, hash: firstHash(generation) }
    return { stretches, end: { point, ...(start.log && { log: start.log }) } }
  }
  const content = (await target.read(last.key)) ?? Buffer.alloc(0)
  if (isSegment(last, segments.at(-2)?.hash ?? firstHash(generation), content)) {
    const point = { generation, position: last.position + last.frames, hash: last.hash }
    return { stretches, end: { point, log: readSegment(content).end } }
  }
  const shorter = { generation, start, segments: untilCommit(segments.slice(0, -1)) }
  const before = await readEnd(target, [...stretches.slice(0, -1), shorter])
  return content.length < last.bytes
    ? { ...before, torn: `its last part was cut short: ${content.length} of ${last.bytes} bytes are there` }
    : { ...before, damage: `its part ${last.key} is not what it was, or of another history` }
}

/** Each start of a program begins a generation. Those are read one after the other, and so count for as many segments. */
const segmentsPerStretch = 100

/** What a restore reads behind the base. */
export function sizeOf(history: History | undefined): LineSize {
  const stretches = history?.stretches ?? []
  const segments = stretches.flatMap((stretch) => stretch.segments)
  const bytes = segments.reduce((sum, each) => sum + each.bytes, 0)
  return { bytes, segments: segments.length + segmentsPerStretch * stretches.length }
}
