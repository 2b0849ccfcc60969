import { problem, type Problem, type ProblemValues } from '../problem/problem.ts'
import type { ProblemCode } from '../problem/catalogue.ts'

type Values<Code extends ProblemCode> =
  ProblemValues<Code> extends infer Each ? (Each extends unknown ? Omit<Each, 'subject'> : never) : never

/** What was found while one text was read. */
export class Findings {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  readonly strict: boolean
  readonly subject: string

  constructor(subject: string, strict: boolean) {
    this.subject = subject
    this.strict = strict
  }

  /** There is no reading, or more than one. */
  refuse<Code extends ProblemCode>(code: Code, values: Values<Code>, at?: Problem['at']): void {
    add(this.problems, code, this.subject, values, at)
  }

  /** There is exactly one reading, and it was taken; `strict` refuses it. */
  repair<Code extends ProblemCode>(code: Code, values: Values<Code>, at?: Problem['at']): void {
    add(this.strict ? this.problems : this.warnings, code, this.subject, values, at)
  }

  /** It is legal, but incomplete or odd. */
  note<Code extends ProblemCode>(code: Code, values: Values<Code>, at?: Problem['at']): void {
    add(this.warnings, code, this.subject, values, at)
  }
}

/** Nobody reads more than this, and a text full of mistakes should not cost more. */
const limit = 50

function add<Code extends ProblemCode>(
  list: Problem[],
  code: Code,
  subject: string,
  values: Values<Code>,
  at: Problem['at'],
): void {
  if (list.length >= limit) return
  list.push(problem(code, { subject, ...values } as unknown as ProblemValues<Code>, at && { at }))
}
