import { satisfies, valid, validRange } from 'semver'
import { finding, type Finding } from '../finding.ts'
import { findLocked, lockfileNames, readNpmLockfile, type NpmLockfile } from '../npm-lockfile.ts'
import { readPackage, type PackageFile } from '../package-file.ts'
import type { Project } from '../project.ts'

const file = 'package-lock.json'
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** The versions to install are held by a lockfile that is in step; npm ci refuses any other. */
export function checkLockfile(project: Project): Finding[] {
  const { packageFile, names, read } = project
  if (!packageFile) return []
  if (!packageFile.content)
    return [finding('lockfile-invalid', { file: 'package.json', line: 1 }, { file: 'package.json' })]
  const lockfile = readNpmLockfile(read)
  if (lockfile === 'invalid') return [finding('lockfile-invalid', { file, line: 1 }, { file })]
  const runs = project.stages
    .flatMap(({ stage }) => stage.instructions)
    .filter(({ keyword }) => keyword === 'RUN')
  const clean = runs.some(({ text }) => /\bnpm (?:ci|clean-install)\b/.test(text))
  if (lockfile) {
    const loose = runs.find(({ text }) =>
      /\bnpm (?:install|i)\b(?!\s+(?:-\S+\s+)*(?:-g|--global)\b)(?!\s+(?:-\S+\s+)*[\w@])/.test(text),
    )
    const unlocked = loose ? [finding('install-not-locked', { file: 'Dockerfile', line: loose.line })] : []
    return [
      ...unlocked,
      ...(clean ? [...checkStep(lockfile, packageFile, read), ...checkComplete(lockfile)] : []),
    ]
  }
  const needsNone =
    clean ||
    names.some((name) => lockfileNames.includes(name)) ||
    !kinds.some((kind) => Object.keys(packageFile.content?.[kind] ?? {}).length > 0)
  return needsNone ? [] : [finding('lockfile-absent', { file: 'package.json', line: 1 })]
}

/** The lockfile holds what these very package.json files ask for. */
function checkStep({ packages }: NpmLockfile, root: PackageFile, read: Project['read']): Finding[] {
  // The first version of the format does not say what it was made for; overrides change what is asked for.
  if (!packages[''] || (root.content && 'overrides' in root.content)) return []
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
        const found = findLocked(packages, path, name)
        const version = found === undefined ? undefined : packages[found]?.version
        if (
          kind === 'optionalDependencies' ||
          typeof wanted !== 'string' ||
          validRange(wanted) === null ||
          packages[found ?? '']?.link
        )
          return []
        if (
          found !== undefined &&
          (version === undefined ||
            !valid(version) ||
            satisfies(version, wanted, { includePrerelease: true }))
        )
          return []
        return [
          finding(
            'lockfile-out-of-step',
            { file: manifest.path, line: manifest.lineOf(name) },
            { file: manifest.path, name, wanted, locked: version ?? 'none' },
          ),
        ]
      }),
    ),
  )
}

/** Each package of the lockfile finds what it depends on there. */
function checkComplete({ packages, lineOf }: NpmLockfile): Finding[] {
  if (!packages['']) return []
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  )
  const missing = installed.flatMap(([path, locked]) => {
    const name = locked.inBundle
      ? undefined
      : Object.keys(locked.dependencies ?? {}).find((each) => !findLocked(packages, path, each))
    return name ? [{ path, name }] : []
  })
  return missing.slice(0, 1).map(({ path, name }) => {
    const owner = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return finding('lockfile-incomplete', { file, line: lineOf(path) }, { owner, name })
  })
}
