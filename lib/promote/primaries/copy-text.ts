import type { Socket } from 'node:net'
import type { Knex } from 'knex'
import { clientOf, type RawConnection } from '../../engine/knex-client.ts'
import { sumMarks } from '../comparable.ts'
import type { Text } from './primary.ts'

/** The part of pg's connection that COPY needs. */
interface Wire {
  readonly stream: Socket
  query(sql: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
}

/** What pg's client calls on a query that it was given. */
interface Submittable {
  submit(wire: Wire): void
  handleCopyInResponse(wire: Wire): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

interface CopyClient extends RawConnection {
  query(query: Submittable): unknown
}

/** The server reads what was sent while the next page is made. */
export async function copyText(
  trx: Knex.Transaction,
  sql: string,
  pages: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  const client = (await clientOf(trx).acquireConnection()) as CopyClient
  const copy = { isOver: false }
  let sending: Promise<void> | undefined
  const answer = new Promise<void>((resolve, reject) => {
    client.query({
      submit: (wire) => wire.query(sql),
      handleCopyInResponse(wire) {
        sending = send(wire, pages, copy)
        sending.catch(() => undefined)
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: resolve,
      handleError: reject,
    })
  })
  try {
    await answer
  } finally {
    copy.isOver = true
    // A page that could not be made is the cause of what the server says then.
    await sending
  }
}

async function send(
  wire: Wire,
  pages: AsyncIterable<Buffer> | Iterable<Buffer>,
  copy: { readonly isOver: boolean },
): Promise<void> {
  try {
    for await (const page of pages) {
      if (copy.isOver) return
      wire.sendCopyFromChunk(page)
      await drained(wire.stream)
    }
  } catch (error) {
    wire.sendCopyFail('the rows could not be read')
    throw error
  }
  wire.endCopyFrom()
}

/** Waits until the socket has taken what it was given, so that no more than a page is kept here. */
async function drained(stream: Socket): Promise<void> {
  if (!stream.writableNeedDrain) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('close', done)
  })
}

/** How COPY is told to read {@link linesOf}. */
export const copyMarks: string = `delimiter ${escaped(sumMarks.between)}, null ${escaped(sumMarks.null)}`

function escaped(mark: string): string {
  return String.raw`E'\x${mark.charCodeAt(0).toString(16)}'`
}

/** Rows as lines for COPY, with the marks of sums. */
export function linesOf(rows: readonly (readonly Text[])[]): Buffer {
  return Buffer.from(rows.map(line).join(''))
}

function line(row: readonly Text[]): string {
  return `${row.map((text) => (text === null ? sumMarks.null : escapeText(text))).join(sumMarks.between)}\n`
}

const special = /[\\\n\r\u001E\u001F]/
const escapes: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r` }

function escapeText(text: string): string {
  if (!special.test(text)) return text
  return text.replaceAll(/[\\\n\r\u001E\u001F]/g, (character) => escapes[character] ?? `\\${character}`)
}
