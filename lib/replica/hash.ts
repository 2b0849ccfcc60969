import { createHash } from 'node:crypto'

/** A hash of bytes, as it stands in names: 32 hexadecimal digits of SHA-256. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 32)
}
