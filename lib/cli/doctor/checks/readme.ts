import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'README.md'

/** README.md, in this spelling, is at the root. */
export function checkReadme({ names, directory, read }: Project): Finding[] {
  if (names.includes(file)) return []
  const other = names.find((name) => name.toLowerCase() === file.toLowerCase())
  if (other) return [finding('readme-name', { file: other, line: 1 }, { name: other })]
  const nested = foldersIn(directory)
    .map((folder) => ({ folder, path: `${folder}/${file}` }))
    .find(({ path }) => /^---\s*$[^]*?^sdk\s*:/m.test(read(path) ?? ''))
  return nested
    ? [finding('readme-nested', { file: nested.path, line: 1 }, nested)]
    : [finding('readme-missing', { file, line: 1 })]
}

/** The folders of two levels in which somebody may have put it. */
function foldersIn(directory: string): string[] {
  const below = (path: string): string[] =>
    readdirSync(join(directory, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map((entry) => join(path, entry.name))
  try {
    return below('').flatMap((folder) => [folder, ...below(folder)])
  } catch {
    return []
  }
}
