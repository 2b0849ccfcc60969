import { resolve } from 'node:path'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import { readRegularFile } from './regular-file.ts'

/** The authorities of a large provider are some hundred kilobytes. */
const limitBytes = 1024 * 1024

/**
 * The path that a `_FILE` twin of a path gives, where it names a certificate or a key itself. In most programs `DB_SSL_CA_FILE` does, and
 * no path looks like that.
 *
 * @param value - the value of the twin.
 * @returns the absolute path; nothing where the file holds something else, such as the path, or cannot be read.
 */
export function certificatePath(value: unknown, cwd: string): string | undefined {
  if (typeof value !== 'string') return undefined
  const path = resolve(cwd, cleanValue(value, new Findings('', false)))
  try {
    const text = new TextDecoder().decode(readRegularFile(path, limitBytes))
    return text.includes('-----BEGIN ') ? path : undefined
  } catch {
    return undefined
  }
}
