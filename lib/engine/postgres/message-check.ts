const zero = 0
const headerBytes = 5

/** What stands in a message: how many bytes, or a text that ends with a zero (PostgreSQL documentation, "Message Formats"). */
type Part = number | 'text'

const shapes: Readonly<Record<string, readonly Part[]>> = {
  A: [4, 'text', 'text'],
  C: ['text'],
  S: ['text', 'text'],
}
const field: readonly Part[] = ['text', 18]
const saslMethods = 10
/** DataRow and CopyData. */
const rows: readonly number[] = [0x44, 0x64]

/**
 * Checks that the texts of messages end inside of them, before pg reads them: its parser looks for an end without a bound, and
 * would hold the process for ever. Rows, whose lengths are given, pass unread.
 */
export class MessageCheck {
  #rest: Buffer = Buffer.alloc(0)
  #skipBytes = 0

  /** Throws for what cannot be read. */
  read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = Math.min(this.#skipBytes, bytes.length)
    this.#skipBytes -= at
    while (at + headerBytes <= bytes.length) {
      const kind = bytes[at] as number
      const length = bytes.readUInt32BE(at + 1)
      if (length < 4) throw new Error(`a message of length ${length}`)
      const end = at + 1 + length
      if (rows.includes(kind)) this.#skipBytes = Math.max(0, end - bytes.length)
      else if (end > bytes.length) break
      else if (!isReadable(String.fromCharCode(kind), bytes.subarray(at + headerBytes, end)))
        throw new Error('a message that does not end where it should, or is none')
      at = Math.min(end, bytes.length)
    }
    this.#rest = bytes.subarray(at)
  }
}

function isReadable(kind: string, body: Buffer): boolean {
  if (kind === 'E') return skipFields(body, isPlausible)
  if (kind === 'N') return skipFields(body)
  if (kind === 'T') return skip(body, repeat(field, body.length < 2 ? 0 : body.readInt16BE(0)), 2)
  if (kind === 'R') return body.length < 4 || body.readInt32BE(0) !== saslMethods || skipTexts(body, 4)
  const shape = shapes[kind]
  return shape === undefined || skip(body, shape)
}

function* repeat(parts: readonly Part[], count: number): Generator<Part> {
  for (let done = 0; done < count; done++) yield* parts
}

function skip(body: Buffer, parts: Iterable<Part>, from = 0): boolean {
  let at = from
  for (const part of parts) {
    at = part === 'text' ? endOf(body, at) : at + part
    if (at > body.length) return false
  }
  return true
}

/** Texts, each behind a letter, until a zero. */
function skipFields(body: Buffer, isFine: (field: string) => boolean = () => true): boolean {
  let at = 0
  while (at < body.length && body[at] !== zero) {
    const end = endOf(body, at + 1)
    if (!isFine(body.toString('latin1', at, end - 1))) return false
    at = end
  }
  return at < body.length
}

/** A code that is none was not said by a server, nor by a pooler before one. */
function isPlausible(field: string): boolean {
  return !field.startsWith('C') || /^C[0-9A-Z]{5}$/.test(field)
}

/** Texts, until one that is empty. */
function skipTexts(body: Buffer, from: number): boolean {
  let at = from
  while (at < body.length && body[at] !== zero) at = endOf(body, at)
  return at < body.length
}

/** Where the text that begins here is over; beyond the body where it does not end. */
function endOf(body: Buffer, from: number): number {
  const end = body.indexOf(zero, from)
  return end < 0 ? body.length + 1 : end + 1
}
