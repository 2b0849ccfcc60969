import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url))

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
}

/** Reads a file of the project. */
export function readText(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}

/** The fenced blocks of a text, in order. */
export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))
}

/** The one block of a language that a document has. */
export function onlyBlock(path: string, language: string): string {
  const blocks = codeBlocks(readText(path)).filter((block) => block.language === language)
  if (blocks.length !== 1) throw new Error(`${path} has ${blocks.length} blocks of ${language}, not one`)
  return blocks[0]!.code
}

/** The documents for people, by their paths. */
export function documents(): string[] {
  const below = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('api'))
    .map((path) => `docs/${path}`)
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...below]
}
