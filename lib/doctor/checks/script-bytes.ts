import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { buildChanges, namePattern } from '../start/changes.ts'
import { hasRun } from './runs.ts'

const converts = /dos2unix|(?:sed|perl)[^&|;]*\\r|tr\s+-d\s+['"]?\\r/

/** A script of Windows names a shell that does not exist, unless the build or git changes it. */
export function checkLineEnds(path: string, text: string, project: Project): Finding[] {
  const isConverted = hasRun(project.image!, (run) => converts.test(run))
  const isKept = /\.sh\s.*eol=lf|\*\s.*eol=lf/.test(project.folder.text('.gitattributes'))
  const isBroken = text.includes('\r\n') && !isConverted && !isKept
  return isBroken ? [finding('script-line-ends', { file: path, line: 1 }, { path })] : []
}

/** The kernel looks for #! in the first two bytes. */
export function hasMark(path: string, project: Project): boolean {
  const isMarked =
    project.folder
      .readBytes(path)
      ?.subarray(0, 3)
      .equals(Buffer.from([0xef, 0xbb, 0xbf])) === true
  return (
    isMarked &&
    !hasRun(project.image!, (text) => /dos2unix|\\xef\\xbb\\xbf|\\357\\273\\277|\buconv\b/i.test(text)) &&
    !buildChanges(project.image!, namePattern(path))
  )
}
