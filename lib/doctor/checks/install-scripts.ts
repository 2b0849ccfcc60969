import { finding, type Finding } from '../finding.ts'
import { readNpmLockfile, type LockedPackage, type NpmLockfile } from '../npm-lockfile.ts'
import { readPackage, type PackageContent } from '../package-file.ts'
import type { Project } from '../project.ts'

/** Packages whose script only greets, counts or fetches what is there already. */
const harmless = new Set([
  'core-js',
  'core-js-pure',
  'es5-ext',
  '@scarf/scarf',
  'protobufjs',
  'nodemon',
  'styled-components',
  'preact',
])

/** Packages that have to be built are built: npm 12 runs the scripts only of those that are named. */
export function checkInstallScripts(project: Project): Finding[] {
  const { packageFile, read } = project
  const lockfile = readNpmLockfile(read)
  if (!packageFile?.content || !lockfile || lockfile === 'invalid') return []
  const scripted = Object.entries(lockfile.packages).filter(([path, locked]) => runsScript(path, locked))
  const blocked = scripted.filter(([path, locked]) => !isAllowed(packageFile.content!, nameOf(path), locked))
  return [
    ...(runsNpm12(project) ? blocked : []).map(([path]) =>
      finding(
        'install-script-blocked',
        { file: lockfile.file, line: lockfile.lineOf(path) },
        { name: nameOf(path) },
      ),
    ),
    ...checkSkipped(
      project,
      scripted.map(([path]) => nameOf(path)).filter((name) => !isDenied(packageFile.content!, name)),
    ),
    ...checkMembers(lockfile, read),
  ]
}

/** npm 12 comes with no Node before 26. */
function runsNpm12({ image, dockerfile }: Project): boolean {
  if (/\bnpm@(?:latest|next|1[2-9])/.test(dockerfile?.instructions.map(({ text }) => text).join('\n') ?? ''))
    return true
  const major = Number(/^(?:.*\/)?node:(\d+)/.exec(image?.baseName ?? '')?.[1] ?? Infinity)
  return major >= 26
}

function runsScript(
  path: string,
  { hasInstallScript, dev, optional, devOptional, link }: LockedPackage,
): boolean {
  return (
    path.includes('node_modules/') &&
    hasInstallScript === true &&
    !dev &&
    !optional &&
    !devOptional &&
    !link &&
    !harmless.has(nameOf(path))
  )
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** A name with a version fits only where the lockfile says where the package came from. */
function isAllowed(
  { allowScripts = {} }: PackageContent,
  name: string,
  { version, resolved }: LockedPackage,
): boolean {
  return name in allowScripts || (resolved !== undefined && `${name}@${version}` in allowScripts)
}

/** The script of such a package is left out on purpose. */
function isDenied({ allowScripts = {} }: PackageContent, name: string): boolean {
  return Object.hasOwn(allowScripts, name) && allowScripts[name] === false
}

function checkSkipped({ dockerfile }: Project, scripted: readonly string[]): Finding[] {
  return (dockerfile?.stages ?? []).flatMap(({ instructions }) => {
    const runs = instructions.filter(({ keyword }) => keyword === 'RUN')
    const skips = runs.find(({ text }) => /\bnpm (?:ci|install|i)\b[^&;|]*--ignore-scripts/.test(text))
    if (!skips) return []
    const commands = runs.map(({ text }) => text).join('\n')
    const rebuilt = /\bnpm (?:rebuild|rb)\b([^&;|\n]*)/
      .exec(commands)?.[1]
      ?.split(/\s+/)
      .filter((word) => word && !word.startsWith('-'))
    const lost = scripted.filter(
      (name) => rebuilt === undefined || (rebuilt.length > 0 && !rebuilt.includes(name)),
    )
    return lost.map((name) =>
      finding('install-script-skipped', { file: 'Dockerfile', line: skips.line }, { name }),
    )
  })
}

function checkMembers({ packages }: NpmLockfile, read: Project['read']): Finding[] {
  const members = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules/'))
  return members.flatMap((path) => {
    const manifest = readPackage(read, `${path}/package.json`)
    if (!manifest?.content?.allowScripts) return []
    return [
      finding('allow-scripts-misplaced', { file: manifest.path, line: manifest.lineOf('allowScripts') }),
    ]
  })
}
