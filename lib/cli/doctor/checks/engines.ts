import { finding, type Finding } from '../finding.ts'
import { fitsRange, type PartialVersion } from '../node-range.ts'
import { readNpmLockfile } from '../npm-lockfile.ts'
import type { Project } from '../project.ts'

/** The image's Node is one that the project, and each package it runs on, can run on. */
export function checkEngines({ packageFile, dockerfile, read }: Project): Finding[] {
  if (!packageFile?.content) return []
  const range = packageFile.content.engines?.node
  const missing = range ? [] : [finding('engines-missing', { file: packageFile.path, line: 1 })]
  const stage = dockerfile?.stages.findLast(({ base }) => nodeVersion(base))
  if (!stage) return missing
  const known = nodeVersion(stage.base)!
  const version = known.join('.')
  const place = { file: 'Dockerfile', line: stage.line }
  const needs = [...(range ? [{ name: packageFile.name, range }] : []), ...lockedEngines(read)]
  return [
    ...missing,
    ...needs
      .filter((need) => !fitsRange(known, need.range))
      .map((need) => finding('engines-mismatch', place, { ...need, version })),
  ]
}

function nodeVersion(base: string): PartialVersion | undefined {
  const match = /^(?:docker\.io\/)?(?:library\/)?node:(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(base)
  return match
    ?.slice(1)
    .filter((part) => part !== undefined)
    .map(Number) as PartialVersion | undefined
}

function lockedEngines(read: Project['read']): { name: string; range: string }[] {
  const lockfile = readNpmLockfile(read)
  if (!lockfile || lockfile === 'invalid') return []
  return Object.entries(lockfile.packages).flatMap(([path, { engines, dev, optional, devOptional }]) => {
    const isRun = path.includes('node_modules/') && !dev && !optional && !devOptional
    const range = isRun ? engines?.node : undefined
    return range
      ? [{ name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), range }]
      : []
  })
}
