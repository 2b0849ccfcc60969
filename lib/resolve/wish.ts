import type { Problem } from '../problem/problem.ts'
import type { Setting } from '../url/field.ts'
import { Findings } from '../url/findings.ts'
import type { TlsSettings } from '../url/target.ts'
import { isTlsFile, isTlsParameter } from '../url/tls-parameters.ts'
import { readTls } from '../url/tls.ts'
import type { PartReader } from './part-reader.ts'
import { looseVariables } from './tls-variables.ts'

/** What a variable asks for, as a parameter of the URL would; or why that cannot be used. */
export interface Wish extends Pick<Setting, 'name' | 'value'> {
  readonly variable: string
  readonly tls: TlsSettings | undefined
  readonly problem: Problem | undefined
}

/**
 * Reads what variables say of the parameters that they set.
 *
 * @param namesFile - whether a parameter names a file that will be used.
 */
export function readWishes(
  parameters: Readonly<Record<string, string>>,
  parts: PartReader,
  namesFile: (name: string) => boolean = isTlsFile,
): readonly Wish[] {
  return Object.entries(parameters).flatMap(([variable, name]) => {
    const isFirm = !looseVariables.has(variable)
    const part = namesFile(name) ? 'file' : 'parameter'
    const value = isFirm ? parts.read(part, [variable], isTlsFile(name)) : parts.readLoosely(variable)
    return value === undefined ? [] : [readWish(variable, name, value)]
  })
}

function readWish(variable: string, name: string, value: string): Wish {
  const found = new Findings(variable, false)
  const settings = [{ name, value, text: value, start: 0 }]
  const tls = isTlsParameter(name) ? readTls(settings, [], found) : readTls([], settings, found)
  const [first] = found.problems
  if (!first) return { variable, name, value, tls, problem: undefined }
  const problem = { code: first.code, message: first.message, hint: first.hint }
  return { variable, name, value, tls: undefined, problem }
}

/** Whether the variable may be about something else: then a value that cannot be used is no more than a warning. */
export function isLoose({ variable }: Wish): boolean {
  return looseVariables.has(variable)
}

/** Whether any of some wishes is for no encryption. */
export function isOff(wishes: readonly Wish[]): boolean {
  return wishes.some(({ tls }) => tls?.mode === 'disable')
}

/** Whether a wish is for encryption with a server that is not checked: where there is none, it asks for nothing. */
export function isUnchecked({ name, tls }: Wish): boolean {
  return name === 'rejectUnauthorized' && tls?.mode === 'require'
}

/** Whether a variable is one of libpq. */
export function isLibpq(wish: Wish): boolean {
  return wish.variable.startsWith('PG') && !isLoose(wish)
}

/** The parameters of variables that other programs read in their own way. */
const switches: ReadonlySet<string> = new Set([
  'ssl',
  'tls',
  'usessl',
  'requiressl',
  'sslenabled',
  'sslrequired',
])

/** A switch of another program may say what only that program knows; a file is a file, and libpq's words are known. */
export function isStrict(wish: Wish): boolean {
  return isLibpq(wish) || !(switches.has(wish.name) || isLoose(wish))
}
