import { posix } from 'node:path'
import type { ContainerFiles, Process } from './listening.ts'

const onPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin']

/** The file of the folder that a program's name stands for. */
export function pathOf(
  program: string,
  { workingDirectory }: Process,
  files: ContainerFiles,
): string | undefined {
  if (!program.includes('/'))
    return onPath.map((folder) => files.locate(`${folder}/${program}`)).find(Boolean)
  return program.startsWith('/') || workingDirectory !== undefined
    ? files.locate(posix.resolve(workingDirectory ?? '/', program))
    : undefined
}

/** The file of the folder at a path that a process is given; relative ones begin where it starts. */
export function fileAt(
  path: string,
  { workingDirectory }: Process,
  files: ContainerFiles,
): string | undefined {
  return path.startsWith('/') || workingDirectory !== undefined
    ? files.locate(posix.resolve(workingDirectory ?? '/', path))
    : undefined
}
