import type { Test } from 'tap'
import { newProject, type Project } from '../../package/project.ts'

/** A project with these packages in it; where no registry is at hand, the test is skipped, but in CI. */
export async function projectWith(t: Test, packages: readonly string[]): Promise<Project | undefined> {
  const project = newProject()
  t.teardown(project.remove)
  const { code, out } = await project.install(packages)
  if (code === 0) return project
  if (process.env['CI']) t.fail(out)
  else t.plan(0, 'the packages are neither in the cache of npm nor to be had')
  return undefined
}
