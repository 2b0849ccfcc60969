/** Messages of a PostgreSQL server, as bytes (PostgreSQL documentation, "Message Formats"). */

/** What a server says in an ErrorResponse. */
export interface PostgresError {
  readonly code: string
  readonly message: string
  readonly severity?: string
  readonly detail?: string
  readonly hint?: string
}

/** One message: a letter, the length of what follows, and the body. */
export function message(letter: string, ...body: readonly (Buffer | string | number)[]): Buffer {
  const content = Buffer.concat(body.map(bytesOf))
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

/** A number is an Int32, a text ends with a zero. */
function bytesOf(part: Buffer | string | number): Buffer {
  if (Buffer.isBuffer(part)) return part
  if (typeof part === 'string') return Buffer.from(`${part}\0`)
  const number = Buffer.alloc(4)
  number.writeInt32BE(part)
  return number
}

export function errorResponse({
  code,
  message: text,
  severity = 'FATAL',
  detail,
  hint,
}: PostgresError): Buffer {
  const optional = [detail === undefined ? '' : `D${detail}\0`, hint === undefined ? '' : `H${hint}\0`].join(
    '',
  )
  return message(
    'E',
    Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${text}\0${optional}Ftest.c\0L1\0Rtest\0\0`),
  )
}

/** A request to log in in this way; `AuthenticationOk` where it is 0. */
export function authentication(method: number, ...rest: readonly (Buffer | string)[]): Buffer {
  return message('R', method, ...rest)
}

export const readyForQuery = message('Z', Buffer.from('I'))

/** What follows a login that was taken. */
export const welcome = Buffer.concat([
  authentication(0),
  message('S', 'server_version', '18.0'),
  message('S', 'client_encoding', 'UTF8'),
  message('K', 1, 2),
  readyForQuery,
])

/** The answer to a query: one row of texts. */
export function row(values: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(values)
  const count = Buffer.from([0, names.length])
  const fields = names.map((name) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
    ]),
  )
  const cells = Object.values(values).map((value) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(Buffer.byteLength(value))
    return Buffer.concat([length, Buffer.from(value)])
  })
  return Buffer.concat([
    message('T', count, ...fields),
    message('D', count, ...cells),
    message('C', 'SELECT 1'),
    readyForQuery,
  ])
}
