import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeImage, type Image } from './dockerfile/image.ts'
import { parseDockerfile, type Dockerfile } from './dockerfile/parse-dockerfile.ts'
import { isSkipped, parseIgnoreFile } from './ignore-file.ts'
import { readFrontMatter, type FrontMatter } from './metadata/front-matter.ts'
import type { Finding } from './finding.ts'
import { readPackage, type PackageFile } from './package-file.ts'

/** A folder as the checks see it: read once, never written. */
export interface Project {
  /** The names in the folder itself. */
  readonly names: readonly string[]
  /** The names in a folder below it; none where it is no folder that can be read. */
  list(path: string): readonly string[]
  /** The text of a file, or nothing where there is none that can be read. */
  read(path: string): string | undefined
  /** The metadata of README.md, or what is wrong with it; nothing where there is no README.md. */
  readonly metadata: FrontMatter | Finding | undefined
  /** Whether the Space is built from a Dockerfile, as far as is known; with another sdk its Dockerfile counts for nothing. */
  readonly isDocker: boolean
  /** The port that the Space opens. */
  readonly port: number
  readonly dockerfile: Dockerfile | undefined
  readonly image: Image | undefined
  readonly packageFile: PackageFile | undefined
  /** Whether `.dockerignore` keeps a file out of the build. */
  isOutOfBuild(path: string): boolean
  /** Whether `.gitignore` keeps a file out of the repository. */
  isOutOfRepository(path: string): boolean
}

const defaultPort = 7860

/**
 * Reads what the checks need of a folder.
 *
 * @param directory - the folder.
 * @returns nothing where it is not a folder that can be read.
 */
export function readProject(directory: string): Project | undefined {
  const names = namesIn(directory)
  if (!names) return undefined
  const read = (path: string): string | undefined => readText(join(directory, path))
  const readme = names.includes('README.md') ? read('README.md') : undefined
  const metadata = readme === undefined ? undefined : readFrontMatter(readme)
  const data = metadata && 'data' in metadata ? metadata.data : {}
  const isOtherSdk = data['sdk'] === 'gradio' || data['sdk'] === 'static'
  const dockerText = isOtherSdk ? undefined : read('Dockerfile')
  const dockerfile = dockerText === undefined ? undefined : parseDockerfile(dockerText)
  const ignored = (file: string) => {
    const rules = parseIgnoreFile(read(file) ?? '')
    return (path: string): boolean => isSkipped(rules, path)
  }
  return {
    names,
    list: (path) => namesIn(join(directory, path)) ?? [],
    read,
    metadata,
    isDocker: data['sdk'] === 'docker' || (data['sdk'] === undefined && dockerfile !== undefined),
    port: isPort(data['app_port']) ? data['app_port'] : defaultPort,
    dockerfile,
    image: dockerfile && describeImage(dockerfile),
    packageFile: readPackage(read, 'package.json'),
    isOutOfBuild: ignored('.dockerignore'),
    isOutOfRepository: ignored('.gitignore'),
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 65_535
}

function namesIn(directory: string): string[] | undefined {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return undefined
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
