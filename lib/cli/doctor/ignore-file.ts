/** One line of a `.gitignore` or `.dockerignore`. */
export interface IgnoreRule {
  readonly pattern: RegExp
  readonly isException: boolean
}

/**
 * Reads the rules of a `.gitignore` or `.dockerignore`.
 *
 * @param text - the file; empty for none.
 */
export function parseIgnoreFile(text: string): IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: toPattern(line.replace(/^!/, '')), isException: line.startsWith('!') }))
}

/**
 * Whether rules keep a file at the root of the folder out. The last rule that fits decides.
 *
 * @param rules - the rules.
 * @param path - the file.
 */
export function isSkipped(rules: readonly IgnoreRule[], path: string): boolean {
  const last = rules.findLast(({ pattern }) => pattern.test(path))
  return last !== undefined && !last.isException
}

function toPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.?\//, '')
    .replace(/^\*\*\//, '')
    .replace(/\/$/, '')
    .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`)
}
