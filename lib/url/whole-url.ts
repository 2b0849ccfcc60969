import { isSecretParameter } from './dialects/parameter.ts'
import { kinds } from './kinds.ts'

/** The end of a scheme. `file:` begins the name of a file in SQLite itself, and a single letter a path of Windows. */
const schemeEnd = String.raw`(?<=[a-z][a-z\d+.-])(?<!(?<![a-z\d+.-])file):`
const servers = [...kinds].flatMap(([name, { dialect }]) =>
  dialect !== 'sqlite' && name.length > 3 ? [name] : [],
)
/** Encoded once too often, it is one all the same. */
const url = new RegExp(String.raw`${schemeEnd}\/\/|%3a%2f%2f`, 'i')
const server = String.raw`(?:${servers.join('|')})(?:\+\w{1,30})?:`
const oneSlash = String.raw`${schemeEnd}\/`
const noScheme = String.raw`\/\/[^/:@]{0,100}:`
/** Slashes get lost, of a server's scheme both, and so does a letter of the scheme, or its ":". */
const carelessUrl = new RegExp(String.raw`${oneSlash}|(?<![a-z\d])${server}|${noScheme}`, 'i')
/** Behind other directories, `mysql:8` is one more: with both slashes lost, a URL begins the path. */
const carelessInPath = new RegExp(String.raw`${oneSlash}|^${server}|${noScheme}`, 'i')
const leadingUrl = new RegExp(String.raw`^(?:[a-z][a-z\d+.-]{1,40}${schemeEnd}\/\/|${server})`, 'i')

/** Whether a part of an address, which would be shown, holds a whole URL, and perhaps its password. */
export function holdsUrl(text: string): boolean {
  return url.test(text) || holdsLogin(text)
}

/** Whether a text holds a URL, and behind its scheme what may be a password. */
export function holdsLogin(text: string): boolean {
  return isLoginBehind(carelessUrl, text)
}

function isLoginBehind(start: RegExp, text: string): boolean {
  const index = text.search(start)
  const rest = index < 0 ? '' : text.slice(index)
  return rest.includes('@') || isSecretParameter(rest)
}

const assignment = String.raw`(?:passw(?:or)?d|pwd)\s*=`
const anyAssignment = new RegExp(assignment, 'i')
const separateAssignment = new RegExp(String.raw`(?:^|[\s;?&])${assignment}`, 'i')

/** Whether a text gives a password by its name, as in `host=db password=…`, with nothing or something before that. */
export function assignsPassword(text: string): boolean {
  return anyAssignment.test(text)
}

/** The same for the path of a file, which is shown, and where a directory may end with that. */
export function isAssignmentPath(path: string): boolean {
  return separateAssignment.test(path)
}

/** Whether a name is a login without a URL around it, as in `name:password@host`. */
export function isLogin(name: string): boolean {
  return /^[^:@[]*:.*@/s.test(name)
}

/** A letter and a ":" begin a path of Windows, and `file:` the name of a file in SQLite itself. */
const leadingLogin = /^(?!file:)[^/:@]{2,}:[^/]*@/i

/** Whether the path of a file begins with the shape of a login. Deeper in a path it may be the name of a directory. */
export function isLoginPath(path: string): boolean {
  return leadingLogin.test(withoutSlashes(path))
}

/** Whether the path of a file is the URL of something else. Deeper in a path it may be the name of a directory. */
export function isUrlPath(path: string): boolean {
  const name = withoutSlashes(path)
  return [path, name].some((text) => leadingUrl.test(text) || isLoginBehind(carelessInPath, text))
}

function withoutSlashes(path: string): string {
  return path.replace(/^\/+/, '')
}
