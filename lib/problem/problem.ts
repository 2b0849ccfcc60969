import { problemCatalogue, type ProblemCode } from './catalogue.ts'
import type { serverProblems } from './server-problems.ts'
import type { sqliteProblems } from './sqlite-problems.ts'
import type { textProblems } from './text-problems.ts'

/** Expected trouble, as a value. It holds no secret and may be shown to anybody who operates the program. */
export interface Problem {
  /** Stable: safe to compare, to count and to search for in `docs/problems.md`. */
  readonly code: ProblemCode
  /** One sentence: the subject, then what is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** Where in the input, in UTF-16 offsets; the end is exclusive. */
  readonly at?: { readonly start: number; readonly end: number }
}

type Rows = typeof textProblems & typeof serverProblems & typeof sqliteProblems
type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

/** The values that the texts of a problem need, by placeholder. */
export type ProblemValues<Code extends ProblemCode> = Readonly<
  Record<Placeholder<Rows[Code]['message']> | Placeholder<Rows[Code]['hint']>, string | number>
>

/** Makes a problem of its code and the values that its texts need. */
export function problem<Code extends ProblemCode>(
  code: Code,
  values: ProblemValues<Code>,
  at?: Problem['at'],
): Problem {
  const { message, hint } = problemCatalogue[code]
  const texts = { code, message: fill(message, values), hint: fill(hint, values) }
  return at ? { ...texts, at } : texts
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])).trimEnd()
}
