import { describeStages } from './dockerfile/describe-stages.ts'
import type { StageState } from './dockerfile/stage-state.ts'
import { locate, type BuildContext } from './dockerfile/files.ts'
import { parseDockerfile, type Dockerfile } from './dockerfile/parse-dockerfile.ts'
import type { Finding } from './finding.ts'
import { openFolder, type Folder } from './folder.ts'
import { readDockerignore, readGitignore } from './ignored.ts'
import { readFrontMatter, type FrontMatter } from './metadata/front-matter.ts'
import { readPackage, type PackageFile } from './package-file.ts'
import { findServers, type Serving } from './start/serving.ts'

/** A project as the checks see it. */
export interface Project extends BuildContext {
  readonly folder: Folder
  /** The names in the folder itself. */
  readonly names: readonly string[]
  list(path: string): readonly string[]
  read(path: string): string | undefined
  /** The metadata of README.md, or what is wrong with it; nothing where there is no README.md. */
  readonly metadata: FrontMatter | Finding | undefined
  /** Whether the Space is built from a Dockerfile, as far as is known; with another sdk its Dockerfile counts for nothing. */
  readonly isDocker: boolean
  /** The port that the Space opens. */
  readonly port: number
  readonly dockerfile: Dockerfile | undefined
  readonly stages: readonly StageState[]
  /** The last stage: the image that runs. */
  readonly image: StageState | undefined
  readonly packageFile: PackageFile | undefined
  /** What the container starts, and where that listens. */
  readonly serving: Serving | undefined
  /** Whether `.gitignore` keeps a file out of the repository. */
  isOutOfRepository(path: string): boolean
  /** The file of the folder at a path of the image; nothing where there is none, as far as is known. */
  locate(path: string): string | undefined
}

const defaultPort = 7860

/** Reads what the checks need of a folder; nothing where it cannot be read. */
export function readProject(directory: string): Project | undefined {
  const folder = openFolder(directory)
  if (!folder) return undefined
  const { read, list } = folder
  const names = list('')
  const readme = names.includes('README.md') ? read('README.md') : undefined
  const metadata = readme === undefined ? undefined : readFrontMatter(readme)
  const data = metadata && 'data' in metadata ? metadata.data : {}
  const isOtherSdk = data['sdk'] === 'gradio' || data['sdk'] === 'static'
  const dockerText = isOtherSdk ? undefined : read('Dockerfile')
  const dockerfile = dockerText === undefined ? undefined : parseDockerfile(dockerText)
  const stages = dockerfile ? describeStages(dockerfile) : []
  const image = stages.at(-1)
  const context: BuildContext = {
    folder,
    isIgnored: readDockerignore(read('Dockerfile.dockerignore') ?? folder.text('.dockerignore')),
  }
  const find = (path: string): string | undefined => image && locate(path, image.copies, stages, context)
  const packageFile = readPackage(read, 'package.json')
  return {
    ...context,
    names,
    list,
    read,
    metadata,
    isDocker: data['sdk'] === 'docker' || (data['sdk'] === undefined && dockerfile !== undefined),
    port: isPort(data['app_port']) ? data['app_port'] : defaultPort,
    dockerfile,
    stages,
    image,
    packageFile,
    serving: image && findServers(image, { folder, locate: find }),
    isOutOfRepository: readGitignore(folder.text('.gitignore')),
    locate: find,
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 65_535
}
