import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorCode } from './error-code.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import { readRegularFile } from './regular-file.ts'

/** Secret files are a line long; a larger one is another file. */
const limitBytes = 65_536

/** What a secret file holds, or why it cannot be used. */
export type SecretFile =
  | {
      readonly ok: true
      readonly text: string
      /** What was cleaned in the path. */
      readonly warnings: readonly Problem[]
    }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Reads the file that a variable such as `DATABASE_URL_FILE` names, without the newlines at its end, as `$(< file)` does.
 *
 * @param value - its value: the path.
 * @param cwd - the directory that a relative path starts from.
 * @returns the text, or a `secret-file` problem: missing, unreadable, empty, too large, or no file at all.
 */
export function readSecretFile(name: string, value: unknown, cwd: string): SecretFile {
  if (typeof value !== 'string') return refuse(name, 'is not a string', 'Give it the path of a file.')
  const found = new Findings(name, false)
  const path = cleanValue(value, found)
  if (path.includes('://')) {
    return refuse(
      name,
      'holds a URL where the path of a file belongs',
      `Move the value to ${name.replace(/_FILE$/, '')}.`,
    )
  }
  try {
    return read(name, resolve(cwd, path), shown(path), found.warnings)
  } catch (error) {
    const code = errorCode(error)
    const where = shown(path)
    if (code === 'EISDIR') return refuse(name, `names a directory${where}`, 'Name the file inside it.')
    if (code === 'EFTYPE')
      return refuse(name, `names something${where} that is no regular file`, 'Name a regular file.')
    const [why, advice] = failures[code] ?? [`cannot be read (${code})`, 'Check the path.']
    return refuse(name, `names a file${where} that ${why}`, advice)
  }
}

const failures: Readonly<Record<string, readonly [why: string, advice: string]>> = {
  ENOENT: ['does not exist', 'Check the path, and that the secret is mounted into this container.'],
  ENOTDIR: ['does not exist', 'Check the path: a part of it is a file, not a directory.'],
  EACCES: [
    'this program may not read',
    'Give the file to the user that runs the program, or make it readable (0444).',
  ],
  EFBIG: ['is larger than 64 KB', 'Check the path: a secret is a line of text.'],
  ENAMETOOLONG: [
    'has a path that is too long',
    'Check the path: the value itself belongs into the variable without _FILE.',
  ],
  ELOOP: ['is a symbolic link that leads to itself', 'Check the path.'],
}

function read(name: string, path: string, where: string, warnings: readonly Problem[]): SecretFile {
  const bytes = readRegularFile(path, limitBytes)
  if (!isUtf8(bytes)) {
    const advice = 'Save it again as UTF-8: some editors and shells of Windows write UTF-16.'
    return refuse(name, `names a file${where} that is not text in UTF-8`, advice)
  }
  const text = new TextDecoder().decode(bytes).replace(/[\r\n]+$/, '')
  if (text.trim() === '') return refuse(name, `names an empty file${where}`, 'Write the value into the file.')
  return { ok: true, text, warnings }
}

/** Only what is surely a path is shown: a password put here by mistake is not. */
function shown(path: string): string {
  const top = /^\/[^/]+\//.exec(path)?.[0]
  return path.length < 200 && top && existsSync(top) && !/[\p{Cc}@]/u.test(path) ? ` (${path})` : ''
}

function refuse(name: string, why: string, advice: string): SecretFile {
  return { ok: false, problem: problem('secret-file', { subject: name, why, advice }) }
}
