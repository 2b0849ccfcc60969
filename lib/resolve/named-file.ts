import { resolve } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import { readUrl } from '../url/read-url.ts'
import { findPathVariable } from '../url/templates.ts'
import { isAssignmentPath, isLoginPath, isUrlPath } from '../url/whole-url.ts'
import type { ResolveOptions } from './config.ts'
import { isBlank, type Environment } from './environment.ts'
import { pathLimit } from './temporary.ts'

/** The file that somebody chose for the fallback, or why what they wrote names none. */
export type NamedFile = {
  /** The option or the variable. */
  readonly origin: string
  readonly warnings: readonly Problem[]
} & (
  | {
      readonly ok: true
      /** Absolute, or `:memory:`. */
      readonly filename: string
    }
  | {
      readonly ok: false
      readonly problem: Problem
      /** For the trace. */
      readonly why: string
    }
)

/** The variable and the option that name the file. */
export const namedOrigins = ['SQLITE_PATH', 'options.sqlite.filename'] as const

/** Reads `options.sqlite.filename`, else `SQLITE_PATH`: paths, but a SQLite URL is understood too; any other URL is no path. */
export function namedFile(options: ResolveOptions, env: Environment, cwd: string): NamedFile | undefined {
  const option = options.sqlite?.filename
  const [origin, value] = isBlank(option) ? [namedOrigins[0], env['SQLITE_PATH']] : [namedOrigins[1], option]
  if (isBlank(value)) return undefined
  const found = new Findings(origin, false)
  const read =
    typeof value === 'string' ? readPath(cleanValue(value, found), origin) : noPath('it is not a string')
  const { warnings } = found
  if (typeof read === 'string') return { ok: true, origin, warnings, filename: absolute(cwd, read) }
  const { why, refusal = problem('sqlite-cannot-open', { target: origin }) } = read
  return { ok: false, origin, warnings, problem: refusal, why }
}

interface NoPath {
  readonly why: string
  readonly refusal?: Problem
}

function noPath(why: string): NoPath {
  return { why }
}

function readPath(text: string, origin: string): string | NoPath {
  if (text.length >= pathLimit) return noPath('it is too long for a path')
  if (/^(?:undefined|null)$/.test(text)) return noPath('it holds the word for nothing, where a path belongs')
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(text)
  const name = findPathVariable(isUrl ? text.replace(/^[^:]*:/, '') : text)
  if (name !== undefined) {
    const refusal = problem('unexpanded-variable', { subject: origin, name })
    return { why: 'it holds the name of a variable, where a path belongs', refusal }
  }
  const isOther = noPath('it holds the URL of something else, where the path of a file belongs')
  if (!isUrl) return isUrlPath(text) || isLoginPath(text) || isAssignmentPath(text) ? isOther : text
  const reading = readUrl(text, { subject: origin })
  return reading.valid && reading.target.dialect === 'sqlite' ? reading.target.filename : isOther
}

function absolute(cwd: string, filename: string): string {
  return filename === ':memory:' ? filename : resolve(cwd, filename)
}
