import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { findFlag } from '../shell/flags.ts'
import { isOpenTo, runsOf, type Run } from './runs.ts'
import { isMissing } from './tools.ts'

interface Row {
  /** The commands that refuse to run without their lockfile. */
  readonly when: RegExp
  readonly names: readonly [string, ...string[]]
  /** What makes it. */
  readonly cure: string
}

const rows: readonly Row[] = [
  {
    when: /^npm (?:\S+ )*(?:ci|clean-install)\b/,
    names: ['package-lock.json', 'npm-shrinkwrap.json'],
    cure: 'npm install',
  },
  { when: /^yarn\b.*--(?:frozen-lockfile|immutable)\b/, names: ['yarn.lock'], cure: 'yarn install' },
  { when: /^pnpm\b.*--frozen-lockfile\b(?!=false)/, names: ['pnpm-lock.yaml'], cure: 'pnpm install' },
  { when: /^bun\b.*--frozen-lockfile\b/, names: ['bun.lock', 'bun.lockb'], cure: 'bun install' },
  { when: /^uv sync\b.*--(?:frozen|locked)\b/, names: ['uv.lock'], cure: 'uv lock' },
  { when: /^pipenv (?:sync|install\b.*--deploy)\b/, names: ['Pipfile.lock'], cure: 'pipenv lock' },
  { when: /^pdm (?:sync|install\b.*--(?:frozen-lockfile|check))\b/, names: ['pdm.lock'], cure: 'pdm lock' },
  // What cargo installs by its name brings its own.
  {
    when: /^cargo (?:(?!install\b)\S+|install\b.*--path\b).*--(?:locked|frozen)\b/,
    names: ['Cargo.lock'],
    cure: 'cargo generate-lockfile',
  },
]

/** A package manager that insists on its lockfile has it. */
export function checkLockRequired(project: Project): Finding[] {
  return runsOf(project).flatMap((run) => {
    const text = [run.name, ...run.args].join(' ')
    const row = rows.find(({ when }) => when.test(text))
    return row && run.isCertain && !run.args.includes(undefined) && !isMissing(run.name, run)
      ? checkLock(row, run, project)
      : []
  })
}

/** The folder in which a package manager works. */
export function folderOf({ args, workingDirectory }: Run): string | undefined {
  const given = findFlag(args, [
    '--prefix',
    '--cwd',
    '--dir',
    '-C',
    '--directory',
    '--project',
    '--manifest-path',
  ])
  if (given === undefined) return workingDirectory
  return given === null || workingDirectory === undefined ? undefined : posix.resolve(workingDirectory, given)
}

function checkLock({ names, cure }: Row, run: Run, project: Project): Finding[] {
  const folder = folderOf(run)
  if (folder === undefined || isOpenTo(run)) return []
  // A workspace has the lockfile of the folder above.
  for (let path = folder; ; path = posix.dirname(path)) {
    const isThere = names.some((name) =>
      locate(posix.join(path, name), run.step.copies, project.stages, project),
    )
    if (isThere) return []
    if (path === '/') break
  }
  const [name] = names
  const verb = run.args.find((arg) => /^(?:ci|clean-install|i|install|sync|build|run|test)$/.test(arg!))
  const tool = verb === undefined ? run.name : `${run.name} ${verb}`
  const isInFolder = project.folder.files.some((path) => names.includes(posix.basename(path)))
  if (isInFolder) return [finding('lockfile-not-copied', run.place, { tool, name })]
  return tool.startsWith('npm ')
    ? [finding('lockfile-missing', run.place)]
    : [finding('lockfile-of-other-tool', run.place, { tool, name, cure })]
}
