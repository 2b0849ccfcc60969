import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'README.md'

/** README.md, in this spelling, is at the root. */
export function checkReadme(project: Project): Finding[] {
  const { names, metadata } = project
  if (names.includes(file)) {
    const elsewhere =
      metadata && !('data' in metadata) && metadata.code === 'metadata-missing'
        ? findNested(project)
        : undefined
    return elsewhere ? [finding('readme-nested', { file: elsewhere.path, line: 1 }, elsewhere)] : []
  }
  const other = names.find((name) => name.toLowerCase() === file.toLowerCase())
  if (other) return [finding('readme-name', { file: other, line: 1 }, { name: other })]
  const nested = findNested(project)
  return nested
    ? [finding('readme-nested', { file: nested.path, line: 1 }, nested)]
    : [finding('readme-missing', { file, line: 1 })]
}

/** A README of a Space in a folder below. */
export function findNested(project: Project): { folder: string; path: string } | undefined {
  return foldersIn(project)
    .map((folder) => ({ folder, path: `${folder}/${file}` }))
    .find(({ path }) => /^---\s*$[^]*?^sdk\s*:/m.test(project.folder.text(path)))
}

/** The folders of two levels in which somebody may have put it. */
function foldersIn({ names, list }: Project): string[] {
  const visible = names.filter((name) => name !== 'node_modules' && !name.startsWith('.'))
  return visible.flatMap((folder) => [folder, ...list(folder).map((name) => `${folder}/${name}`)])
}
