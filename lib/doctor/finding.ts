import { catalogue, type FindingCode, type Severity } from './catalogue.ts'

/** Something in a project folder that breaks on a Space, may break, or cannot be checked. */
export interface Finding {
  /** The stable id of this kind of finding. */
  readonly code: FindingCode
  readonly severity: Severity
  /** The file, relative to the folder that was looked at. */
  readonly file: string
  /** The line, from 1; 1 where the file as a whole is meant, or is missing. */
  readonly line: number
  /** One sentence: what is wrong. It holds no value that may be a secret. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** What to paste into the file, or to run, where that can be said. */
  readonly fix?: string
}

/** Where a finding is. */
export interface Place {
  readonly file: string
  readonly line: number
}

type Values = Readonly<Record<string, string | number>>

/**
 * Makes a finding from the catalogue.
 *
 * @param values - what fills `{name}` in its texts.
 * @param severity - where it is another one than the catalogue's.
 */
export function finding(
  code: FindingCode,
  { file, line }: Place,
  values: Values = {},
  severity: Severity = catalogue[code].severity,
): Finding {
  const { message, hint, fix } = catalogue[code]
  const texts = {
    message: fill(message, values),
    hint: fill(hint, values),
    ...(fix ? { fix: fill(fix, values) } : {}),
  }
  return { code, severity, file, line, ...texts }
}

function fill(text: string, values: Values): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
