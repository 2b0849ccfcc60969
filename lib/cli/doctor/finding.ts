import { catalogue, type FindingCode } from './catalogue.ts'

/** `error`: it will not build, boot or serve; `warning`: it will, but not as meant. */
export type Severity = 'error' | 'warning'

/** Something in a project folder that would break on a Space. */
export interface Finding {
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
}

/** Where a finding is. */
export interface Place {
  readonly file: string
  readonly line: number
}

/**
 * Makes a finding from the catalogue.
 *
 * @param code - the kind of finding.
 * @param place - the file, and the line in it.
 * @param values - what fills `{name}` in its texts.
 */
export function finding(
  code: FindingCode,
  { file, line }: Place,
  values: Readonly<Record<string, string | number>> = {},
): Finding {
  const { severity, message, hint } = catalogue[code]
  return { code, severity, file, line, message: fill(message, values), hint: fill(hint, values) }
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
