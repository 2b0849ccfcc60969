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

/** A row as a line of COPY's text format. */
function line(row: readonly Text[]): string {
  let cells = ''
  for (const [index, text] of row.entries())
    cells += (index > 0 ? '\t' : '') + (text === null ? String.raw`\N` : escape(text))
  return `${cells}\n`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const special = /[\\\n\r\t]/

function escape(text: string): string {
  return special.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => escapes[character]!) : text
}
