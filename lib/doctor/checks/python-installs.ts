import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import type { Project } from '../project.ts'
import { filesOfPip, operandsOfPip } from '../python/pip-arguments.ts'
import { readPyproject } from '../python/pyproject.ts'
import { parseRequirement, readRequirements, type Requirements } from '../python/requirements.ts'
import { pipArguments } from './pip.ts'
import { runsOf, type Run } from './runs.ts'

/** What one command installs for Python. */
export interface PythonInstall {
  readonly run: Run
  /** The lists that it reads, as far as they can be found. */
  readonly lists: readonly Requirements[]
  /** The packages that are named on the command line. */
  readonly named: Requirements
}

/** Every installation of Python packages, of all stages. */
export function installsOf(project: Project): readonly PythonInstall[] {
  return runsOf(project).flatMap((run) => {
    const args = pipArguments(run)
    if (args?.[0] === 'install') return [installOf(run, filesOfPip(args), operandsOfPip(args), project)]
    const text = [run.name, ...run.args].join(' ')
    if (/^(?:uv sync|poetry install|pdm (?:sync|install))\b/.test(text))
      return [installOf(run, [], ['.'], project)]
    const isAdded = /^(?:uv add|uv tool|poetry add|pipx|pipenv|conda|mamba|micromamba|easy_install)\b/.test(
      text,
    )
    return isAdded ? [installOf(run, [], [undefined], project)] : []
  })
}

function installOf(
  run: Run,
  files: readonly string[],
  operands: Run['args'],
  project: Project,
): PythonInstall {
  const isFolder = (each: string | undefined): boolean =>
    each !== undefined && /^\.{0,2}\/?(?:\[.*\])?$/.test(each)
  const names = [...files, ...(operands.some(isFolder) ? ['pyproject.toml'] : [])]
  const lists = names.map((name) => readList(name, run, project))
  const others = operands.filter((each) => !isFolder(each))
  const packages = others.flatMap((each) =>
    each === undefined ? [] : parseRequirement(each, run.place.line),
  )
  return {
    run,
    lists: lists.filter((each) => each !== undefined),
    named: {
      file: run.place.file,
      encoding: 'UTF-8',
      packages,
      isOpen: packages.length < others.length || lists.includes(undefined),
      needsGit: false,
    },
  }
}

function readList(name: string, run: Run, project: Project): Requirements | undefined {
  const { workingDirectory, step } = run
  const { folder, stages } = project
  const path =
    workingDirectory === undefined
      ? undefined
      : locate(posix.resolve(workingDirectory, name), step.copies, stages, project)
  const used = path ?? (folder.kind(name) === 'file' ? name : undefined)
  if (used === undefined) return undefined
  return used.endsWith('.toml') ? readPyproject(used, folder) : readRequirements(used, folder)
}
