import { intersects, minVersion, satisfies, validRange } from 'semver'
import { findBaseImage } from '../dockerfile/base-image.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

/** The image's Node is one that the project runs on. */
export function checkEngines({ packageFile, image }: Project): Finding[] {
  const base = image && findBaseImage(image.baseName)
  if (!packageFile?.content || base?.name !== 'node') return []
  const range = packageFile.content.engines?.node
  if (!range) return [finding('engines-missing', { file: packageFile.path, line: 1 })]
  const version = /^\d+(?:\.\d+){0,2}/.exec(base.tag)?.[0]
  if (version === undefined || !validRange(range) || fits(version, range)) return []
  return [
    finding(
      'engines-mismatch',
      { file: 'Dockerfile', line: image!.stage.line },
      { name: packageFile.name, range, version },
      'warning',
    ),
  ]
}

function fits(version: string, range: string): boolean {
  return version.split('.').length === 3
    ? satisfies(version, range)
    : minVersion(version) !== null && intersects(version, range)
}
