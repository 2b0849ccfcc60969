import { isMap, LineCounter, parseDocument } from 'yaml'
import { finding, type Finding } from '../finding.ts'

/** The metadata of a README, and where each field is. */
export interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>
  /** The line of a field, from 1; that of the whole block for one that is not there. */
  lineOf(field: string): number
}

const file = 'README.md'
const fence = /^---\s*$/

/**
 * Reads the block at the head of a README.
 *
 * @param readme - the file's text.
 * @returns the block, or what is wrong with it.
 */
export function readFrontMatter(readme: string): FrontMatter | Finding {
  const lines = readme.split(/\r?\n/)
  const first = lines.findIndex((line) => fence.test(line.replace(/^\uFEFF/, '')))
  if (first === -1 || (first > 0 && !looksLikeMetadata(lines.slice(first + 1)))) {
    return finding('metadata-missing', { file, line: 1 })
  }
  // The Hub passes over empty lines.
  if (lines.slice(0, first).some((line) => /\S/.test(line.replace(/^\uFEFF/, ''))))
    return finding('metadata-not-first', { file, line: first + 1 })
  const last = lines.findIndex((line, index) => index > first && fence.test(line))
  if (last === -1) return finding('metadata-unclosed', { file, line: first + 1 })
  return readYaml(lines.slice(first + 1, last).join('\n'), first + 1)
}

/** A rule of Markdown is three hyphens, too. */
function looksLikeMetadata(lines: readonly string[]): boolean {
  const end = lines.findIndex((line) => fence.test(line))
  return lines.slice(0, Math.max(end, 0)).some((line) => /^(sdk|title|app_port)\s*:/.test(line))
}

/**
 * Reads the text of the block.
 *
 * @param before - how many lines stand before it.
 */
function readYaml(text: string, before: number): FrontMatter | Finding {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const lineAt = (offset: number): number => counter.linePos(offset).line + before
  const [error] = document.errors
  if (error) {
    const why = error.message.replace(/[.\s]+$/, '')
    const line = lineAt(error.pos[0])
    const field = /^\s*([\w-]+)\s*:/.exec(text.split('\n')[line - before - 1] ?? '')?.[1]
    return finding('metadata-not-yaml', { file, line }, { why: field ? `${why}, at ${field}` : why })
  }
  const { contents } = document
  if (!isMap(contents)) return finding('metadata-not-yaml', { file, line: 1 }, { why: 'it has no fields' })
  const lines = new Map(contents.items.map(({ key }) => [String(key), lineAt(key.range[0])]))
  return { data: document.toJS() as Record<string, unknown>, lineOf: (field) => lines.get(field) ?? 1 }
}
