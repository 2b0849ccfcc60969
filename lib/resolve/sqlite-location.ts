import { problem, type Problem } from '../problem/problem.ts'
import type { SqliteLocation } from './config.ts'
import type { Environment } from './environment.ts'
import { filesystems, isBucket } from './filesystems.ts'
import { mountOf, readMounts, type Mount } from './mounts.ts'
import { detectPlatform, type Platform } from './platforms.ts'
import { realPath, temporaryDirectories } from './temporary.ts'

/** What is looked up once to judge any number of files. */
export interface Machine {
  readonly platform: Platform
  readonly mounts: readonly Mount[] | undefined
  readonly temporaryDirectories: readonly string[]
}

/** Looks at the machine: platform, mount table, temporary directories. */
export function lookAround(env: Environment): Machine {
  return {
    platform: detectPlatform(env),
    mounts: readMounts(),
    temporaryDirectories: temporaryDirectories(env),
  }
}

/**
 * Finds out what a place promises to a SQLite file: what the file outlives, and whether locks and fsync there can be trusted.
 *
 * @param filename - an absolute path, of a file that need not exist, or `:memory:`.
 */
export function locate(filename: string, machine: Machine): SqliteLocation {
  if (filename === ':memory:') return { filename, durability: 'memory', filesystem: 'memory' }
  const path = realPath(filename)
  const isTemporary = machine.temporaryDirectories.some((directory) => path.startsWith(`${directory}/`))
  const mount = machine.mounts && mountOf(machine.mounts, path)
  if (!mount) return { filename, durability: isTemporary ? 'ephemeral' : 'unknown', filesystem: 'local' }
  const { filesystem, durability } = filesystems.find(({ types }) => types.test(mount.type))!
  if (isBucket(mount, machine.platform.id === 'huggingface-space')) {
    return { filename, durability: 'bucket', filesystem }
  }
  const real = isTemporary ? 'ephemeral' : durabilityOf(mount, durability, machine)
  return { filename, durability: real, filesystem }
}

function durabilityOf(
  { point, root }: Mount,
  usual: SqliteLocation['durability'],
  { platform }: Machine,
): SqliteLocation['durability'] {
  const goesWithContainer = platform.isContainer && (point === '/' || !platform.hasVolumes)
  // Kubernetes keeps an emptyDir on the disk of the node, and removes it with the pod.
  return goesWithContainer || root.includes('kubernetes.io~empty-dir') ? 'ephemeral' : usual
}

/**
 * The warning that a file will be lost, where it will.
 *
 * @param target - the subject of its sentence.
 */
export function ephemeralWarning(
  { durability, filename }: SqliteLocation,
  platform: Platform,
  target: string = describeFile(filename),
): Problem[] {
  const when = losses[durability]?.(platform)
  return when === undefined
    ? []
    : [problem('sqlite-ephemeral', { target, when, advice: platform.persistence })]
}

const losses: Partial<Record<SqliteLocation['durability'], (platform: Platform) => string>> = {
  memory: () => 'when this program ends',
  ephemeral: ({ isContainer }) =>
    isContainer ? 'when this container is replaced' : 'when the machine clears it away',
}

/** The subject of a sentence about a SQLite file. */
export function describeFile(filename: string): string {
  return filename === ':memory:' ? 'The SQLite database in memory' : `The SQLite file ${filename}`
}
