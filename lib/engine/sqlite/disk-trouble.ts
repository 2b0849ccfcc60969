import type { Problem } from '../../problem/problem.ts'

/** Whether it is the disk or the memory that fails, and not the file: what lies there may be good. */
export function isDiskTrouble({ code, cause }: Problem): boolean {
  return code === 'sqlite-full' || /^SQLITE_(IOERR|NOMEM)/.test(cause?.code ?? '')
}
