import { posix } from 'node:path'
import { withAncestors } from '../dockerfile/image.ts'
import { finding, type Finding } from '../finding.ts'
import {
  findLocked,
  lockfileNames,
  npmLockfileNames,
  readNpmLockfile,
  type NpmLockfile,
} from '../npm-lockfile.ts'
import { isSkipped, parseIgnoreFile } from '../ignore-file.ts'
import { readPackage, type PackageFile } from '../package-file.ts'
import type { Project } from '../project.ts'

const file = 'package-lock.json'
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** The versions to install are held by a lockfile, which is in step, and there when npm wants it. */
export function checkLockfile(project: Project): Finding[] {
  const { packageFile, names, read } = project
  if (!packageFile) return []
  if (!packageFile.content)
    return [finding('lockfile-invalid', { file: 'package.json', line: 1 }, { file: 'package.json' })]
  const lockfile = readNpmLockfile(read)
  if (lockfile === 'invalid') return [finding('lockfile-invalid', { file, line: 1 }, { file })]
  const inBuild = checkBuild(project, lockfile !== undefined)
  if (lockfile) return [...inBuild, ...checkStep(lockfile, packageFile, read), ...checkComplete(lockfile)]
  const hasOther = names.some((name) => lockfileNames.includes(name))
  const needsNone = hasOther || inBuild.length > 0 || !hasDependencies(packageFile)
  return needsNone ? inBuild : [finding('lockfile-absent', { file: 'package.json', line: 1 })]
}

function hasDependencies({ content }: PackageFile): boolean {
  return kinds.some((kind) => Object.keys(content?.[kind] ?? {}).length > 0)
}

/** How the Dockerfile installs. */
function checkBuild({ dockerfile, isOutOfBuild }: Project, hasLockfile: boolean): Finding[] {
  for (const [index, { instructions }] of (dockerfile?.stages ?? []).entries()) {
    const runs = instructions.filter(({ keyword }) => keyword === 'RUN')
    const clean = runs.find(({ text }) => /\bnpm (?:ci|clean-install)\b/.test(text))
    if (clean) {
      const place = { file: 'Dockerfile', line: clean.line }
      if (!hasLockfile) return [finding('lockfile-missing', place)]
      const before = withAncestors(dockerfile!, index).flatMap((stage) =>
        stage.instructions.filter(({ line }) => line < clean.line),
      )
      const isCopied = before.some(
        ({ keyword, text }) => /^(?:COPY|ADD)$/.test(keyword) && copiesLockfile(text),
      )
      const isMounted = /--mount=\S*package-lock\.json/.test(clean.text)
      if (!isMounted && (!isCopied || isOutOfBuild(file))) return [finding('lockfile-not-copied', place)]
    }
    const loose = runs.find(({ text }) =>
      /\bnpm (?:install|i)\b(?!\s+(?:-g|--global)\b)(?!\s+[\w@])/.test(text),
    )
    if (loose && hasLockfile) return [finding('install-not-locked', { file: 'Dockerfile', line: loose.line })]
  }
  return []
}

function copiesLockfile(text: string): boolean {
  const words = text
    .replaceAll(/[[\]",]/g, ' ')
    .trim()
    .split(/\s+/)
  const names = words
    .filter((word) => !word.startsWith('--'))
    .slice(0, -1)
    .map((path) => posix.basename(path))
  const rules = parseIgnoreFile(names.join('\n'))
  return names.includes('.') || npmLockfileNames.some((name) => isSkipped(rules, name))
}

/** The lockfile was made for these very package.json files. */
function checkStep({ packages }: NpmLockfile, root: PackageFile, read: Project['read']): Finding[] {
  // The first version of the format does not say what it was made for.
  if (!packages['']) return []
  const members = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules/'))
  const manifests = [
    { path: '', manifest: root },
    ...members.flatMap((path) => {
      const manifest = readPackage(read, `${path}/package.json`)
      return manifest ? [{ path, manifest }] : []
    }),
  ]
  return manifests.flatMap(({ path, manifest }) =>
    kinds.flatMap((kind) =>
      Object.entries(manifest.content?.[kind] ?? {}).flatMap(([name, wanted]) => {
        const asked = packages[path]?.[kind]?.[name]
        const found = findLocked(packages, path, name)
        const isPinned = /^\d+\.\d+\.\d+/.test(wanted)
        const version = found && packages[found]?.version
        const isOther = isPinned && version !== undefined && version !== wanted
        if (asked === wanted && found && !isOther) return []
        const place = { file: manifest.path, line: manifest.lineOf(name) }
        const locked = version ?? 'none'
        return [finding('lockfile-out-of-step', place, { file: manifest.path, name, wanted, locked })]
      }),
    ),
  )
}

/** Each package of the lockfile finds what it depends on there. */
function checkComplete({ packages, lineOf }: NpmLockfile): Finding[] {
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  )
  const missing = installed.flatMap(([path, locked]) => {
    const needed = Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })
    const name = locked.inBundle ? undefined : needed.find((each) => !findLocked(packages, path, each))
    return name ? [{ path, name }] : []
  })
  return missing.slice(0, 1).map(({ path, name }) => {
    const owner = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return finding('lockfile-incomplete', { file, line: lineOf(path) }, { owner, name })
  })
}
