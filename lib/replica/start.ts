import { hashOf } from './hash.ts'
import type { PartName } from './keys.ts'
import type { LogPoint } from './log-reader.ts'

/** A place in a history: so many frames of a generation, and the hash of what led there. */
export interface HistoryPoint {
  readonly generation: string
  readonly position: number
  readonly hash: string
}

/** Before all histories. */
export const nowhere: HistoryPoint = { generation: '', position: 0, hash: '' }

export function isNowhere({ generation }: HistoryPoint): boolean {
  return generation === ''
}

/** How a generation begins: with a copy of the whole file, or where an earlier generation has come to. It is written last, once all that it names is there. */
export interface Start {
  readonly format: 1
  /** The parts of the copy, in order. */
  readonly base?: readonly PartName[]
  readonly parent?: HistoryPoint
  /** Where the log of the file stood; absent where it was not known. */
  readonly log?: LogPoint | undefined
}

/** Writes it down, with the hash that its name gets. */
export function writeStart(start: Start): { readonly content: Buffer; readonly hash: string } {
  const content = Buffer.from(JSON.stringify(start))
  return { content, hash: hashOf(content) }
}

/** Reads it; nothing where it is not what its name says. */
export function readStart(content: Buffer | undefined, hash: string): Start | undefined {
  return content && hashOf(content) === hash ? (JSON.parse(content.toString()) as Start) : undefined
}
