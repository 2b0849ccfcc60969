import { resolve } from 'node:path'
import type { ResolveOptions } from './config.ts'

/** The directory that relative paths start from: the option, else the program's own, else `/` where that was deleted. */
export function workingDirectory(options: Pick<ResolveOptions, 'cwd'> = {}): string {
  const own = ownDirectory()
  return options.cwd === undefined ? own : resolve(own, options.cwd)
}

function ownDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
