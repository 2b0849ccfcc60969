import { problemCatalogue, type ProblemCode } from './catalogue.ts'
import type { Cause } from './cause.ts'
import type { Sentences, Texts } from './policy.ts'
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
  /** Where in the input, in UTF-16 offsets; absent if it concerns no single place. */
  readonly at?: {
    /** The first character, counted from 0. */
    readonly start: number
    /** The one after the last. */
    readonly end: number
  }
  /** What the server, the driver or the system said, in its own words and without secrets. */
  readonly cause?: Cause
}

type Rows = typeof textProblems & typeof serverProblems & typeof sqliteProblems
type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never
type ValuesOf<Row extends Sentences> = Readonly<
  Record<Placeholder<Row['message']> | Placeholder<Row['hint']>, string | number>
>

/** The values that the texts of a problem need, by placeholder. Where not all are known, those of its other sentence. */
export type ProblemValues<Code extends ProblemCode> = Code extends ProblemCode
  ? | ValuesOf<Rows[Code]>
    | (Rows[Code] extends { otherwise: infer Other extends Sentences } ? ValuesOf<Other> : never)
  : never

/** Makes a problem of its code and the values that its texts need. */
export function problem<Code extends ProblemCode>(
  code: Code,
  values: ProblemValues<Code>,
  more: Pick<Problem, 'at' | 'cause'> = {},
): Problem {
  const known: Readonly<Record<string, string | number>> = values
  const { message, hint } = sentences(problemCatalogue[code], known)
  return { code, message: fill(message, known), hint: fill(hint, known), ...more }
}

const placeholder = /\{(\w+)\}/g

function sentences(texts: Texts, values: Readonly<Record<string, unknown>>): Sentences {
  const { message, hint, otherwise } = texts
  const isComplete = [...`${message}${hint}`.matchAll(placeholder)].every(([, name = '']) => name in values)
  return isComplete || !otherwise ? texts : otherwise
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(placeholder, (_, name: string, at: number) => word(values[name], at)).trimEnd()
}

/** A subject such as "The database" can stand within a sentence too. */
function word(value: string | number | undefined, at: number): string {
  return at > 0 ? String(value).replace(/^The /, 'the ') : String(value)
}
