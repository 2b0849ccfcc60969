const zero = 0
const headerBytes = 5

/** The letters of ErrorResponse and NoticeResponse. */
const lists = { error: 0x45, notice: 0x4e }

/**
 * Checks, before pg reads them, that the lists of an error or a notice end inside of their message (PostgreSQL documentation, "Error and
 * Notice Message Fields"): its parser looks for their end without a bound, and would hold the process for ever.
 */
export class MessageCheck {
  #rest: Buffer | undefined
  #skipBytes = 0

  /** Throws for what cannot be read. */
  read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = this.#skipBytes
    while (at + headerBytes <= bytes.length) {
      const kind = bytes[at]
      const length = readLength(bytes, at + 1)
      if (length < 4) throw new Error(`a message of length ${length}`)
      const end = at + 1 + length
      if (kind === lists.error || kind === lists.notice) {
        if (end > bytes.length) break
        if (!isReadable(bytes.subarray(at + headerBytes, end), kind === lists.error))
          throw new Error('a message that does not end where it should, or is none')
      }
      at = end
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined
    this.#skipBytes = Math.max(0, at - bytes.length)
  }
}

/** As `readUInt32BE`, but without its own checks, for which each query would pay. */
function readLength(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** Texts, each behind a letter, until a zero. */
function isReadable(body: Buffer, isError: boolean): boolean {
  let at = 0
  while (at < body.length && body[at] !== zero) {
    const end = body.indexOf(zero, at + 1)
    if (end < 0 || (isError && !isPlausible(body.toString('latin1', at, end)))) return false
    at = end + 1
  }
  return at < body.length
}

/** A code that is none was not said by a server, nor by a pooler before one. */
function isPlausible(field: string): boolean {
  return !field.startsWith('C') || /^C[0-9A-Z]{5}$/.test(field)
}
