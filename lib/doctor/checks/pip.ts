import { posix } from 'node:path'
import type { BaseImage } from '../dockerfile/base-image.ts'
import { locate } from '../dockerfile/files.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { filesOfPip } from '../python/pip-arguments.ts'
import { readRequirements } from '../python/requirements.ts'
import { isOpenTo, runsOf, type Run } from './runs.ts'
import { isMissing, missing } from './tools.ts'

/** What pip installs can be installed there. */
export function checkPip(project: Project): Finding[] {
  return runsOf(project).flatMap((run) => {
    const args = pipArguments(run)
    return run.isCertain && args?.[0] === 'install' ? checkInstall(args, run, project) : []
  })
}

/** The words after `pip`; nothing where another program runs. */
export function pipArguments({ name, args }: Pick<Run, 'name' | 'args'>): Run['args'] | undefined {
  if (/^pip[\d.]*$/.test(name)) return args
  if (name === 'uv' && args[0] === 'pip') return args.slice(1)
  return /^python[\d.]*$/.test(name) && args[0] === '-m' && args[1] === 'pip' ? args.slice(2) : undefined
}

function checkInstall(args: Run['args'], run: Run, project: Project): Finding[] {
  if (run.name !== 'uv' && isRefused(args, run))
    return [finding('pip-externally-managed', run.place, { image: run.state.baseName })]
  return filesOfPip(args).flatMap((name) => [
    ...checkFile(name, run, project),
    ...checkGit(name, run, project),
  ])
}

/** Python of the system refuses pip since Debian 12, Ubuntu 23.04 and Alpine 3.19. */
function isManaged({ name, tag }: BaseImage): boolean {
  const ubuntu = name === 'ubuntu' ? tag : /ubuntu([\d.]+)/.exec(tag)?.[1]
  if (ubuntu !== undefined)
    return Number.parseFloat(ubuntu) >= 23.04 || /^(?:latest|noble|rolling)/.test(ubuntu)
  const version = Number.parseFloat(tag)
  if (name === 'debian') return version >= 12 || /^(?:bookworm|trixie|latest|stable|testing|sid)/.test(tag)
  if (name === 'node')
    return /bookworm|trixie/.test(tag) || (version >= 20 && !/bullseye|buster|alpine/.test(tag))
  return name === 'alpine' && (version >= 3.19 || tag === 'latest')
}

function isRefused(args: Run['args'], { state, step, earlier, environment }: Run): boolean {
  if (!state.base || !isManaged(state.base)) return false
  const settings = [...state.settings.values()].map(({ value }) => value).join(' ')
  const isFree = args.some((arg) => /^--(?:break-system-packages|target|prefix|root|python)/.test(arg ?? ''))
  const isElsewhere = /venv|EXTERNALLY-MANAGED|conda|pyenv|break-system-packages|get-pip|altinstall/i
  const path = state.settings.get('PATH')?.value ?? ''
  // Another stage may have brought a Python of its own.
  const isBrought = step.copies.some(
    ({ from, destination }) => from !== undefined && destination && path.includes(destination),
  )
  return (
    !isFree &&
    !isBrought &&
    environment.get('PIP_BREAK_SYSTEM_PACKAGES') === null &&
    !isElsewhere.test(`${earlier}\n${settings}\n${step.instruction.text}`)
  )
}

/** A list of packages is in the image at that line. */
function checkFile(name: string, run: Run, project: Project): Finding[] {
  const { step, workingDirectory, place } = run
  if (workingDirectory === undefined || name.includes('://') || isOpenTo(run)) return []
  const base = posix.basename(name)
  // The instruction that should have copied it says so.
  const isCopied = step.copies.some(({ sources }) =>
    sources.some((source) => posix.basename(source) === base),
  )
  const path = posix.resolve(workingDirectory, name)
  if (isCopied || locate(path, step.copies, project.stages, project) !== undefined) return []
  return [finding('requirements-missing', place, { tool: 'pip', path: name, name: base })]
}

/** A package of a repository needs git. */
function checkGit(name: string, run: Run, project: Project): Finding[] {
  const { step, workingDirectory } = run
  if (workingDirectory === undefined || !isMissing('git', run)) return []
  const file = locate(posix.resolve(workingDirectory, name), step.copies, project.stages, project)
  const asks = file !== undefined && readRequirements(file, project.folder)?.needsGit
  return asks ? [missing('git', run)] : []
}
