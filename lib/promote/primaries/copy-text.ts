import type { Knex } from 'knex'
import { clientOf, type RawConnection } from '../../engine/knex-client.ts'
import type { Text } from './primary.ts'

/** The part of pg's connection that COPY needs. */
interface Wire {
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

/** Runs a COPY that reads this text. */
export async function copyText(trx: Knex.Transaction, sql: string, text: Buffer): Promise<void> {
  const client = (await clientOf(trx).acquireConnection()) as CopyClient
  await new Promise<void>((resolve, reject) => {
    client.query({
      submit: (wire) => wire.query(sql),
      handleCopyInResponse(wire) {
        wire.sendCopyFromChunk(text)
        wire.endCopyFrom()
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: resolve,
      handleError: reject,
    })
  })
}

/** Rows in COPY's text format. */
export function linesOf(rows: readonly (readonly Text[])[]): Buffer {
  return Buffer.from(rows.map(line).join(''))
}

function line(row: readonly Text[]): string {
  const needsEscape = special.test(row.join(''))
  const cells = needsEscape || row.includes(null) ? row.map(cell) : row
  return `${cells.join('\t')}\n`
}

const special = /[\\\n\r\t]/

function cell(text: Text): string {
  if (text === null) return String.raw`\N`
  return special.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => escapes[character]!) : text
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
