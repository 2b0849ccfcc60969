import { checks } from './checks.ts'
import { finding, type Finding } from './finding.ts'
import { readProject } from './project.ts'

/**
 * Looks for everything in a project folder that would keep a Space from building, booting or serving. It reads, and
 * changes nothing.
 *
 * @param directory - the folder that is pushed.
 */
export function examine(directory: string): readonly Finding[] {
  const project = readProject(directory)
  if (!project) return [finding('folder-missing', { file: directory, line: 1 }, { path: directory })]
  return checks.flatMap((check) => check(project))
}
