import { createHash } from 'node:crypto'
import { HttpProblem } from '../http/http-problem.ts'
import type { TaskAnswer } from './task.ts'

/** Names what a task is now: another name after each change. */
export function etagOf(task: TaskAnswer): string {
  const hash = createHash('sha256').update(JSON.stringify(task)).digest('base64url')
  return `"${hash.slice(0, 22)}"`
}

/**
 * Lets a change pass only on the task that the client has seen.
 *
 * @param ifMatch - the header: empty, `*`, or a list of names.
 * @throws a 412 where the task has changed since.
 */
export function requireMatch(task: TaskAnswer, ifMatch: string): void {
  const known = ifMatch.split(',').map((name) => name.trim())
  if (ifMatch === '' || ifMatch === '*' || known.includes(etagOf(task))) return
  throw new HttpProblem(412, { detail: `The task ${task.id} was changed meanwhile. Read it again.` })
}
