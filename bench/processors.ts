import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

const count = cpus().length

/** The processor of what is measured, those of all the rest, and all of them, as `taskset` writes them. */
export const processors: { readonly [Who in 'measured' | 'rest' | 'all']: string } = {
  measured: '0',
  rest: `1-${count - 1}`,
  all: `0-${count - 1}`,
}

/**
 * Keeps a process, and what it starts from now on, to some of the processors. A server and its client on one processor are switched at
 * each packet or at none, as it happens, and the same query takes twice as long in one run as in the next. Where there is one processor
 * only, or no `taskset`, all stays as it is.
 */
export function keepTo(list: string, pid: number = process.pid): void {
  if (count > 1) spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(pid)])
}
