import { findBaseImage } from '../dockerfile/base-image.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'
const oldDebian = /\b(?:wheezy|jessie|stretch|buster)\b/

/** The base images have a version, and one that is still cared for. */
export function checkBaseImages({ stages }: Project): Finding[] {
  const names = new Set(stages.map(({ stage }) => stage.name))
  const bases = stages.filter(({ stage }) => !names.has(stage.base.toLowerCase()))
  return bases.flatMap(({ baseName, stage, steps }) => {
    const place = { file, line: stage.line }
    const installs = steps.some(
      ({ instruction }) =>
        instruction.keyword === 'RUN' &&
        /\bapt(?:-get)?\s+(?:-\S+\s+)*(?:update|install)\b/.test(instruction.text),
    )
    const end = endOfLife(baseName)
    const cure =
      end && oldDebian.test(baseName) && installs
        ? 'Its packages have moved to an archive, so apt-get fails: choose a newer image, such as python:3.12-slim.'
        : 'Choose a newer version.'
    return [
      ...(isUnpinned(baseName) ? [finding('image-not-pinned', place, { image: baseName })] : []),
      ...(end ? [finding('image-end-of-life', place, { image: baseName, what: end, cure })] : []),
    ]
  })
}

function isUnpinned(base: string): boolean {
  if (base === 'scratch' || base.includes('$') || base.includes('@')) return false
  const tag = /:([^/]+)$/.exec(base)?.[1]
  return tag === undefined || tag === 'latest'
}

/** What of an image is past its end of life. */
function endOfLife(image: string): string | undefined {
  const base = findBaseImage(image)
  if (!base) return undefined
  const debian = oldDebian.exec(base.tag)?.[0]
  if (debian) return `Debian ${debian}`
  const [major = NaN, minor = NaN] = (/^(\d+)(?:\.(\d+))?/.exec(base.tag) ?? []).slice(1).map(Number)
  if (base.name === 'python' && (major === 2 || (major === 3 && minor < 10)))
    return `Python ${major}.${minor}`
  if (base.name === 'node' && major < 20) return `Node.js ${major}`
  if (base.name === 'debian' && major < 11) return `Debian ${major}`
  return base.name === 'ubuntu' && major < 22 ? `Ubuntu ${base.tag}` : undefined
}
