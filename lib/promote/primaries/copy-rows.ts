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

/** Inserts rows by COPY, as one statement. */
export async function copyRows(
  client: { query(query: Submittable): unknown },
  sql: string,
  rows: readonly (readonly Text[])[],
): Promise<void> {
  const chunk = Buffer.from(rows.map(line).join(''))
  await new Promise<void>((resolve, reject) => {
    client.query({
      submit: (wire) => wire.query(sql),
      handleCopyInResponse(wire) {
        wire.sendCopyFromChunk(chunk)
        wire.endCopyFrom()
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: resolve,
      handleError: reject,
    })
  })
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function line(row: readonly Text[]): string {
  return `${row.map((text) => (text === null ? String.raw`\N` : escape(text))).join('\t')}\n`
}

function escape(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => escapes[character]!) : text
}
