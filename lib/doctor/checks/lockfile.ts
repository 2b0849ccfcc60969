import { posix } from 'node:path'
import { satisfies, valid, validRange } from 'semver'
import { locate } from '../dockerfile/files.ts'
import { finding, type Finding } from '../finding.ts'
import {
  findLocked,
  lockfileNames,
  readNpmLockfile,
  type LockedPackage,
  type NpmLockfile,
} from '../npm-lockfile.ts'
import { readPackage, type PackageFile } from '../package-file.ts'
import type { Project } from '../project.ts'
import { folderOf } from './lock-required.ts'
import { runsOf } from './runs.ts'

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** The versions to install are held by a lockfile that is in step; npm ci refuses any other. */
export function checkLockfile(project: Project): Finding[] {
  const folders = foldersOfCleanInstalls(project)
  return [
    ...(folders.includes('') ? [] : checkAbsent(project)),
    ...checkLoose(project),
    ...folders.flatMap((folder) => checkFolder(folder, project)),
  ]
}

/** The folders of the project that `npm ci` installs from: empty for the root, else with a slash at the end. */
function foldersOfCleanInstalls(project: Project): readonly string[] {
  const runs = runsOf(project).filter(
    ({ name, args, isCertain }) =>
      isCertain && name === 'npm' && args.some((arg) => /^(?:ci|clean-install)$/.test(arg ?? '')),
  )
  const files = runs.flatMap((run) => {
    const folder = folderOf(run)
    if (folder === undefined) return []
    return locate(posix.join(folder, 'package.json'), run.step.copies, project.stages, project) ?? []
  })
  return [...new Set(files.map((file) => file.slice(0, -'package.json'.length)))]
}

function checkAbsent({ packageFile, names, stages }: Project): Finding[] {
  if (!packageFile) return []
  const place = { file: 'package.json', line: 1 }
  if (!packageFile.content) return [finding('lockfile-invalid', place, { file: 'package.json' }, 'warning')]
  const texts = stages.flatMap(({ stage }) => stage.instructions.map(({ text }) => text))
  const needsNone =
    texts.some((text) => /\bnpm (?:ci|clean-install)\b/.test(text)) ||
    names.some((name) => lockfileNames.includes(name)) ||
    !kinds.some((kind) => Object.keys(packageFile.content?.[kind] ?? {}).length > 0)
  return needsNone ? [] : [finding('lockfile-absent', place)]
}

/** `npm install` where there is a lockfile. */
function checkLoose({ stages, read }: Project): Finding[] {
  if (readNpmLockfile(read) === undefined) return []
  const loose = stages
    .flatMap(({ stage }) => stage.instructions)
    .find(
      ({ keyword, text }) =>
        keyword === 'RUN' &&
        /\bnpm (?:install|i)\b(?!\s+(?:-\S+\s+)*(?:-g|--global)\b)(?!\s+(?:-\S+\s+)*[\w@])/.test(text),
    )
  return loose ? [finding('install-not-locked', { file: 'Dockerfile', line: loose.line })] : []
}

function checkFolder(folder: string, { read }: Project): Finding[] {
  const manifest = readPackage(read, `${folder}package.json`)!
  const lockfile = readNpmLockfile(read, folder)
  const invalid = (file: string): Finding[] => [finding('lockfile-invalid', { file, line: 1 }, { file })]
  if (!manifest.content) return invalid(manifest.path)
  if (lockfile === undefined) return []
  if (lockfile === 'invalid') return invalid(`${folder}package-lock.json`)
  return [...checkStep(lockfile, manifest, folder, read), ...checkComplete(lockfile)]
}

/** The lockfile holds what these very package.json files ask for. */
function checkStep(
  { packages }: NpmLockfile,
  root: PackageFile,
  folder: string,
  read: Project['read'],
): Finding[] {
  // The first version of the format does not say what it was made for; overrides change what is asked for.
  if (!packages[''] || (root.content && 'overrides' in root.content)) return []
  const members = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules/'))
  const manifests = members.flatMap((path) => {
    const manifest = readPackage(read, `${folder}${path}/package.json`)
    return manifest ? [{ path, manifest }] : []
  })
  return [{ path: '', manifest: root }, ...manifests].flatMap(({ path, manifest }) =>
    (['dependencies', 'devDependencies'] as const).flatMap((kind) =>
      Object.entries(manifest.content?.[kind] ?? {})
        .filter(([name, wanted]) => !isHeld(packages, path, name, wanted))
        .map(([name, wanted]) => {
          const locked = packages[findLocked(packages, path, name) ?? '']?.version ?? 'none'
          const values = { file: manifest.path, name, wanted, locked }
          return finding('lockfile-out-of-step', { file: manifest.path, line: manifest.lineOf(name) }, values)
        }),
    ),
  )
}

/** Whether a lockfile holds a version that fits; what is no range of versions is not judged. */
function isHeld(packages: NpmLockfile['packages'], path: string, name: string, wanted: unknown): boolean {
  if (typeof wanted !== 'string' || validRange(wanted) === null) return true
  const found = findLocked(packages, path, name)
  if (found === undefined) return false
  const { version, link } = packages[found]!
  return (
    link === true ||
    version === undefined ||
    !valid(version) ||
    satisfies(version, wanted, { includePrerelease: true })
  )
}

/** What a package needs and does not bring itself. */
function neededBy({
  inBundle,
  bundleDependencies: brought = [],
  dependencies = {},
}: LockedPackage): string[] {
  if (inBundle || brought === true) return []
  return Object.keys(dependencies).filter((name) => brought === false || !brought.includes(name))
}

/** Each package of the lockfile finds what it depends on there. */
function checkComplete({ file, packages, lineOf }: NpmLockfile): Finding[] {
  if (!packages['']) return []
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  )
  const missing = installed.flatMap(([path, locked]) => {
    const name = neededBy(locked).find((each) => !findLocked(packages, path, each))
    return name ? [{ path, name }] : []
  })
  return missing.slice(0, 1).map(({ path, name }) => {
    const owner = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return finding('lockfile-incomplete', { file, line: lineOf(path) }, { owner, name })
  })
}
