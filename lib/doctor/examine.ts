import { checks } from './checks.ts'
import { finding, type Finding } from './finding.ts'
import { readProject } from './project.ts'

const ranks = { error: 0, warning: 1, note: 2 } as const

/**
 * Looks for everything in a project folder that would keep a Space from building, booting or serving. It reads, and changes nothing.
 *
 * @param directory - the folder that is pushed.
 * @returns what breaks first; within a severity in the order of a push, a build and a start.
 */
export function examine(directory: string): readonly Finding[] {
  const project = readProject(directory)
  if (!project) return [finding('folder-missing', { file: directory, line: 1 }, { path: directory })]
  return checks.flatMap((check) => check(project)).toSorted((a, b) => ranks[a.severity] - ranks[b.severity])
}
