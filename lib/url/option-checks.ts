import { describeType } from './describe-type.ts'
import { nearest } from './edit-distance.ts'

/** Checks the value of one option, which is not left out. It throws a TypeError that names the option and shows no value, which may be a secret. */
export type OptionCheck = (name: string, value: unknown) => void

/** A check for each option that exists: the compiler asks for it when one is added. */
export type OptionChecks<Options> = { readonly [Name in keyof Options]-?: OptionCheck }

/**
 * Checks options: a wrong one, or one that does not exist, is a programmer's mistake.
 *
 * @throws TypeError that names the option, and the nearest one that exists.
 */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  checks: OptionChecks<Options>,
): void {
  expectObject(name, options)
  const known: Readonly<Record<string, OptionCheck>> = checks
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue
    const check = Object.hasOwn(known, option) ? known[option] : undefined
    if (!check) throw new TypeError(`${name}.${option} does not exist: ${advise(option, Object.keys(known))}`)
    check(`${name}.${option}`, value)
  }
}

function advise(option: string, known: readonly string[]): string {
  const lower = new Map(known.map((each) => [each.toLowerCase(), each]))
  const meant = nearest(option.toLowerCase(), [...lower.keys()], Math.max(2, Math.floor(option.length / 3)))
  return meant === undefined ? `there are ${known.join(', ')}` : `was ${lower.get(meant)} meant?`
}

/** An object with options of its own. */
export function objectOf<Options extends object>(checks: OptionChecks<Options>): OptionCheck {
  return (name, value) => checkOptions(name, value as Options, checks)
}

/** Anything but what has no parts. */
export const anObject: OptionCheck = expectObject

function expectObject(name: string, value: unknown): asserts value is object {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), name, 'an object', value)
}

/** Any text. */
export const aString: OptionCheck = (name, value) =>
  expect(typeof value === 'string', name, 'a string', value)

/** A list of texts. */
export const strings: OptionCheck = (name, value) => {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  expect(isList, name, 'an array of strings', value)
}

/** A function. */
export const aFunction: OptionCheck = (name, value) =>
  expect(typeof value === 'function', name, 'a function', value)

/** `true` or `false`. */
export const aBoolean: OptionCheck = (name, value) =>
  expect(typeof value === 'boolean', name, 'a boolean', value)

/** What ends a wait. */
export const anAbortSignal: OptionCheck = (name, value) =>
  expect(value instanceof AbortSignal, name, 'an AbortSignal', value)

/** One of some words. */
export function oneOf(words: readonly string[]): OptionCheck {
  const expected = `one of ${words.join(', ')}`
  return (name, value) => expect(typeof value === 'string' && words.includes(value), name, expected, value)
}

/** A number within bounds. */
export function between(least: number, most: number): OptionCheck {
  const expected = most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`
  return (name, value) => {
    const isRight = typeof value === 'number' && value >= least && value <= most
    expect(isRight, name, expected, value)
  }
}

/** Throws the TypeError of an option of the wrong type. */
export function expect(isRight: boolean, name: string, expected: string, got: unknown): void {
  if (!isRight) throw new TypeError(`${name} must be ${expected}, got ${describeType(got)}`)
}
