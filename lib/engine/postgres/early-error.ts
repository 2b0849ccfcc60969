const errorResponse = 0x45
/** What libpq takes for the length of a message; more is an error of PostgreSQL before 7.4, which has none, or of a postmaster that cannot fork. */
const longestBytes = 30_000

/**
 * Reads what a server sends before a process of its own speaks the protocol: an "E" and words (PostgreSQL sources, `report_fork_failure_to_client`).
 *
 * @returns the error; nothing where the bytes are something else.
 */
export function readEarlyError(bytes: Buffer): Error | undefined {
  if (bytes.length < 8 || bytes[0] !== errorResponse || bytes.readUInt32BE(1) <= longestBytes)
    return undefined
  const words = bytes.toString('utf8', 1, 2_000).split('\0', 1)[0]!.trim()
  return /^(?:could not |FATAL: |sorry)/i.test(words) ? new Error(words) : undefined
}

/**
 * Reads the answer to a request for encryption. What an error says there is not shown, as in libpq: nobody can check who sent it
 * (CVE-2024-10977).
 */
export function readRefusedEncryption(answer: Buffer): Error | undefined {
  const isError = answer.length >= 8 && answer[0] === errorResponse && answer.readUInt32BE(1) <= longestBytes
  if (!isError && !readEarlyError(answer)) return undefined
  return new Error('the server sent an error before encryption began')
}
