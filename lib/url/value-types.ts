import { Secret } from './secret.ts'

/** What the value of a parameter may be, and how it is read. */
export interface ValueType<Value> {
  /** What the text must be, as a person is told it: "Use …". */
  readonly expected: string
  /** The value; `undefined` where the text cannot be one, `null` where it is legal and says nothing. */
  readonly read: (text: string) => Value | null | undefined
}

/** The largest delay of a timer, in milliseconds. */
const longestMs = 2 ** 31 - 1

const milliseconds = { ms: 1, s: 1000 } as const
const words = { ms: 'milliseconds', s: 'seconds' } as const
type Unit = keyof typeof milliseconds

/** Any text. */
export const text: ValueType<string> = { expected: 'a text', read: (said) => said }

/** A text that is not shown. */
export const secretText: ValueType<Secret> = { expected: 'a text', read: (said) => new Secret(said) }

/** Yes or no, as libpq and JSON write it. */
export const flag: ValueType<boolean> = {
  expected: 'true or false',
  read: (said) =>
    /^(1|true|on|yes)$/i.test(said) ? true : /^(0|false|off|no)$/i.test(said) ? false : undefined,
}

/** A whole number of something, from 0. */
export function amount(unit: string): ValueType<number> {
  return {
    expected: `a whole number of ${unit}, from 0`,
    read: (said) => (/^\d{1,10}$/.test(said) ? Number(said) : undefined),
  }
}

/** A duration, in milliseconds. */
export function duration(unit: Unit): ValueType<number> {
  const { expected, read } = amount(words[unit])
  return { expected, read: (said) => scale(read(said), unit) }
}

/** A bound, in milliseconds. Zero and less mean "no bound" to other programs, and say nothing here. */
export function bound(unit: Unit): ValueType<number> {
  const { read } = count
  return { expected: `a whole number of ${words[unit]}`, read: (said) => scale(read(said), unit) }
}

function scale(value: number | null | undefined, unit: Unit): number | null | undefined {
  return value && Math.min(value * milliseconds[unit], longestMs)
}

/** How many; zero and less say nothing. */
export const count: ValueType<number> = {
  expected: 'a whole number',
  read: (said) => (/^-?\d{1,10}$/.test(said) ? Math.max(0, Number(said)) || null : undefined),
}

/** One of some words, each with its value. */
export function oneOf<Value>(values: Readonly<Record<string, Value>>, expected?: string): ValueType<Value> {
  return {
    expected: expected ?? `one of ${Object.keys(values).join(', ')}`,
    read: (said) => (Object.hasOwn(values, said) ? values[said] : undefined),
  }
}

/** One of some words, which are their own values. */
export function oneOfWords<Word extends string>(...expected: readonly Word[]): ValueType<Word> {
  return oneOf(Object.fromEntries(expected.map((word) => [word, word])) as Record<Word, Word>)
}

/** The same, whatever the case, and without the blanks around it. */
export function anyCase<Value>({ expected, read }: ValueType<Value>): ValueType<Value> {
  return { expected, read: (said) => read(said.trim().toLowerCase()) }
}

/** The address of this machine that connections come from. */
export const ipAddress: ValueType<string> = {
  expected: 'an IP address of this machine',
  read: (said) => (isIpAddress(said) ? said : undefined),
}

/** The path of a Unix socket. */
export const absolutePath: ValueType<string> = {
  expected: 'an absolute path',
  read: (said) => (/^(\/|[a-z]:[\\/]|\\\\)/i.test(said) ? said : undefined),
}

/** Several texts, separated by commas. */
export const list: ValueType<readonly string[]> = { expected: 'a list', read: (said) => said.split(',') }

function isIpAddress(said: string): boolean {
  const isV4 =
    /^\d+(\.\d+){3}$/.test(said) &&
    said.split('.').every((part) => String(Number(part)) === part && Number(part) < 256)
  return isV4 || (/^[\da-f:.]+$/i.test(said) && URL.canParse(`http://[${said}]`))
}
