import { HttpProblem } from '../http/http-problem.ts'
import type { TaskAnswer } from './task.ts'

/** Names what a task is now: each change has a time of its own. */
export function etagOf({ updatedAt }: TaskAnswer): string {
  return `"${updatedAt}"`
}

/** What a client says of the task that it has seen, in its headers. */
export interface Conditions {
  /** Only if it still is one of these: empty, `*`, or a list of names. */
  readonly ifMatch: string
  /** Only if it is none of these. */
  readonly ifNoneMatch?: string
}

/**
 * Lets a request pass only on the task that its client means.
 *
 * @throws a 412 where it is another one by now.
 */
export function requireMatch(task: TaskAnswer, { ifMatch, ifNoneMatch = '' }: Conditions): void {
  if (ifMatch && !holds(ifMatch, task))
    throw refused(`The task ${task.id} was changed meanwhile. Read it again.`)
  // Here a weak name counts as well (RFC 9110, 13.1.2).
  if (ifNoneMatch && holds(ifNoneMatch.replace(/W\//g, ''), task))
    throw refused(`The task ${task.id} is what If-None-Match excludes.`)
}

function holds(list: string, task: TaskAnswer): boolean {
  if (list === '*') return true
  const tag = etagOf(task)
  return list.split(',').some((name) => name.trim() === tag)
}

function refused(detail: string): HttpProblem {
  return new HttpProblem(412, { detail })
}
