import { finding, type Finding } from '../finding.ts'
import { closest } from '../metadata/closest.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'
const keywords =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

/** There is a Dockerfile, it can be read, names its base image with a version, and what to run. */
export function checkDockerfile({ isDocker, dockerfile, image }: Project): Finding[] {
  if (!dockerfile) return isDocker ? [finding('dockerfile-missing', { file, line: 1 })] : []
  const { instructions, stages } = dockerfile
  const unknown = instructions.find(({ keyword }) => !keywords.includes(keyword))
  if (unknown) {
    const meant = closest(unknown.keyword, keywords)
    const why = `${unknown.keyword} is no instruction${meant ? `; ${meant} was probably meant` : ''}`
    return [finding('dockerfile-invalid', { file, line: unknown.line }, { why })]
  }
  const early = instructions.find(({ keyword }) => keyword !== 'ARG')
  if (early?.keyword !== 'FROM') {
    return [
      finding('dockerfile-invalid', { file, line: early?.line ?? 1 }, { why: 'it does not begin with FROM' }),
    ]
  }
  const names = stages.map(({ name }) => name)
  const unpinned = stages.filter(({ base }) => !names.includes(base.toLowerCase()) && isUnpinned(base))
  return [
    ...unpinned.map(({ base, line }) => finding('image-not-pinned', { file, line }, { image: base })),
    ...(image?.command ? [] : [finding('command-missing', { file, line: stages.at(-1)!.line })]),
    ...(image?.command?.isShell ? [finding('command-in-shell', { file, line: image.command.line })] : []),
  ]
}

function isUnpinned(base: string): boolean {
  if (base === 'scratch' || base.includes('$') || base.includes('@')) return false
  const tag = /:([^/]+)$/.exec(base)?.[1]
  return tag === undefined || tag === 'latest'
}
