import { isSecretParameter } from './dialects/parameter.ts'
import { kinds } from './kinds.ts'

/** The end of a scheme. `file:` begins the name of a file in SQLite itself, and a single letter a path of Windows. */
const schemeEnd = String.raw`(?<=[a-z][a-z\d+.-])(?<!(?<![a-z\d+.-])file):`
const servers = [...kinds].flatMap(([name, { dialect }]) =>
  dialect !== 'sqlite' && name.length > 3 ? [name] : [],
)
const url = new RegExp(String.raw`${schemeEnd}\/\/`, 'i')
/** Slashes get lost, of a server's scheme both, and so does a letter of the scheme, or its ":". */
const carelessUrl = new RegExp(
  String.raw`${schemeEnd}\/|(?<![a-z\d])(?:${servers.join('|')})(?:\+\w{1,30})?:|\/\/[^/:@]{0,100}:`,
  'i',
)
const leadingUrl = new RegExp(
  String.raw`^(?:[a-z][a-z\d+.-]{1,40}${schemeEnd}\/\/|(?:${servers.join('|')})(?:\+\w{1,30})?:)`,
  'i',
)

/** Whether a part of an address, which would be shown, holds a whole URL, and perhaps its password. */
export function holdsUrl(text: string): boolean {
  return url.test(text) || holdsLogin(text)
}

/** Whether a text holds a URL, and behind its scheme what may be a password. */
export function holdsLogin(text: string): boolean {
  const index = text.search(carelessUrl)
  const rest = index < 0 ? '' : text.slice(index)
  return rest.includes('@') || isSecretParameter(rest)
}

/** Whether the path of a file, without the slashes that it begins with, is the URL of something else. Deeper in a path it may be the name of a directory. */
export function isUrlPath(path: string): boolean {
  return leadingUrl.test(path) || holdsLogin(path)
}
