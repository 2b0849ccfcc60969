import { parseObject } from './package-file.ts'

/** One package of a lockfile. */
export interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
  readonly inBundle?: boolean
  /** The packages that it brings itself, by name; `true` for all. */
  readonly bundleDependencies?: readonly string[] | boolean
  readonly hasInstallScript?: boolean
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A package-lock.json, of lockfile version 2 or 3. */
export interface NpmLockfile {
  readonly file: string
  /** By path: empty for the root, `node_modules/koa`, the folder of a workspace. */
  readonly packages: Readonly<Record<string, LockedPackage>>
  /** The line of a package, from 1. */
  lineOf(path: string): number
}

/** npm's lockfiles; the first that is there counts. */
export const npmLockfileNames: readonly string[] = ['npm-shrinkwrap.json', 'package-lock.json']

/** The files that hold the versions to install, of any program. */
export const lockfileNames: readonly string[] = [
  ...npmLockfileNames,
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
]

/**
 * Reads npm's lockfile.
 *
 * @param read - reads a file of the project.
 * @param folder - where it lies; empty for the root, else with a slash at its end.
 * @returns nothing where there is none; `'invalid'` where it is not JSON.
 */
export function readNpmLockfile(
  read: (path: string) => string | undefined,
  folder = '',
): NpmLockfile | 'invalid' | undefined {
  const file = npmLockfileNames.map((name) => folder + name).find((path) => read(path) !== undefined)
  if (!file) return undefined
  const text = read(file)!
  const content: { packages?: NpmLockfile['packages'] } | undefined = parseObject(text)
  if (!content) return 'invalid'
  const lines = text.split('\n')
  const lineOf = (path: string): number =>
    lines.findIndex((line) => line.includes(`${JSON.stringify(path)}: {`)) + 1 || 1
  return { file, packages: content.packages ?? {}, lineOf }
}

/**
 * Finds the package that another one gets for a name, as Node does: in its own node_modules, else further up.
 *
 * @param packages - the packages of a lockfile.
 * @param from - the path of the one that asks.
 * @param name - what it asks for.
 * @returns the path.
 */
export function findLocked(
  packages: NpmLockfile['packages'],
  from: string,
  name: string,
): string | undefined {
  let folder = from
  while (folder !== '' && !packages[`${folder}/node_modules/${name}`]) {
    folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))
  }
  const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
  return packages[path] ? path : undefined
}
