import type { Problem } from '../../problem/problem.ts'

/** Whether it is the disk that fails, and not the file: what lies there may be good. */
export function isDiskTrouble({ code, cause }: Problem): boolean {
  return code === 'sqlite-full' || cause?.code?.startsWith('SQLITE_IOERR') === true
}
