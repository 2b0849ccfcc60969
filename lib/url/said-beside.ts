import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isKeywordString } from './keyword-string.ts'
import { leadingKind } from './leading-url.ts'
import { isFile } from './left-over.ts'
import { isTlsParameter } from './tls-parameters.ts'

const none = String.raw`(?:disabled?|allow|prefer|preferred|false|no|off|none|null|undefined|0)\b`
/** A name that asks for encryption, and a value that does not take it back. */
const setting = new RegExp(
  String.raw`(?:^|\\[nrt]|[\s"'{,;(])(?:(?:PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB|DB|DATABASE)_?)?(?:use|require|enable)?_?` +
    String.raw`(?:ssl|tls)(?:_?mode|_?required?|_?enabled|_?(?:verify|reject)\w{0,30}|_?(?:root_?)?(?:ca|cert|key)(?!_?(?:file|dir))|[.[]\w{0,30}]?)?["']?\s{0,8}(?:=>|[=:])\s{0,8}["']?(?!${none})[\w{/]`,
  'i',
)
const option = new RegExp(
  String.raw`--(?:ssl|tls)(?!verify)[\w-]{0,40}(?![\w-])(?!\s{0,4}[=\s]\s{0,4}["']?${none})`,
  'i',
)
const scheme = /(?:^|["'\s=])r2dbcs:/i
const password = /(?:^|\s)(?:PGPASSWORD|MYSQL_PWD)=/

/**
 * Refuses a text from which a URL was taken, where what stands beside it asks for encryption or holds the password, and the URL says
 * nothing of either.
 */
export function refuseLostWish(input: string, url: Piece, found: Findings): void {
  const pasted = [...found.problems, ...found.warnings].find(({ code }) => code.startsWith('pasted-'))
  if (!pasted || isFile(url.text) || !input.startsWith(url.text, url.start)) return
  const beside = [
    input.slice(0, url.start),
    input.slice(url.start + url.text.length).replaceAll(/\s(?:#|-c\s).*/g, ''),
  ]
  if (!beside.some((text) => isWish(text, url.text) || isPassword(text, url.text))) return
  const inMysql = leadingKind(url.text)?.dialect === 'mysql' ? ', which is read in a MySQL URL too' : ''
  const hint = `Paste the URL alone, and write into it what stands beside it: the password, or sslmode=require${inMysql}.`
  for (const list of [found.problems, found.warnings])
    if (list.includes(pasted)) list.splice(list.indexOf(pasted), 1)
  found.problems.unshift({ ...pasted, hint })
}

function isWish(beside: string, url: string): boolean {
  return [setting, option, scheme].some((pattern) => pattern.test(beside)) && !saysTls(url)
}

function isPassword(beside: string, url: string): boolean {
  return password.test(beside) && !holdsPassword(url)
}

/** Whether a URL, or a text of keywords, has a parameter about encryption. */
export function saysTls(url: string): boolean {
  const names = isKeywordString(url)
    ? [...url.matchAll(/([\w-]{1,40})\s{0,8}=/g)].map(([, name = '']) => name)
    : url
        .split(/[?&;]/)
        .slice(1)
        .map((pair) => pair.split('=', 1)[0]!.trim())
  return names.some(isTlsParameter)
}

/** Whether a URL, or a text of keywords, holds a password. */
export function holdsPassword(url: string): boolean {
  if (/\bpassword\s{0,8}=/i.test(url)) return true
  const [authority = ''] = url.slice(url.indexOf('//') + 2).split(/[/?]/, 1)
  const [colon, at] = [authority.indexOf(':'), authority.indexOf('@')]
  // A raw "/" or "?" in the password ends the authority early.
  return colon >= 0 && (at > colon || (at < 0 && url.includes('@')))
}
