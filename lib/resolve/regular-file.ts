import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Why something is not read that the system would read. */
export class UnsuitableFile extends Error {
  /** `EISDIR`: a directory; `EFTYPE`: a pipe, a device or a socket; `EFBIG`: too large. */
  readonly code: 'EISDIR' | 'EFTYPE' | 'EFBIG'

  constructor(code: UnsuitableFile['code']) {
    super(code)
    this.code = code
  }
}

/** Reads a regular file up to a limit. Whatever else the path names neither blocks nor goes on for ever: it throws, with a code. */
export function readRegularFile(path: string, limitBytes: number): Buffer {
  // Opening a named pipe would wait for a writer. Windows has no O_NONBLOCK, and undefined counts as 0.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const kind = fstatSync(descriptor)
    if (kind.isDirectory()) throw new UnsuitableFile('EISDIR')
    if (!kind.isFile()) throw new UnsuitableFile('EFTYPE')
    // Not by its size: a file below /proc has none.
    const buffer = Buffer.alloc(limitBytes + 1)
    let length = 0
    for (let read = 1; read > 0 && length <= limitBytes; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null)
    if (length > limitBytes) throw new UnsuitableFile('EFBIG')
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}
