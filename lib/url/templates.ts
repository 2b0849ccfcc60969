import { isPublicName, publicName } from './vocabulary.ts'

const variables: readonly (readonly [pattern: RegExp, before: string, after: string])[] = [
  [/^\$\{\{([^}]*)\}\}$/, '${{', '}}'],
  [/^\$\{([^}]*)\}$/, '${', '}'],
  [/^\$\(([^)]*)\)$/, '$(', ')'],
  [/^\{\{([^}]*)\}\}$/, '{{', '}}'],
  [/^<%=?([^%]*)%>$/, '<%=', '%>'],
  [/^#\{([^}]*)\}$/, '#{', '}'],
  [/^%([A-Za-z_]\w*)%$/, '%', '%'],
  [/^%\(([^)]*)\)s$/, '%(', ')s'],
  [/^\$([A-Z_][A-Z0-9_]*)$/, '$', ''],
  // The ":" of "${NAME:-default}" ends the user.
  [/^\$\{(\w+)$/, '${', '}'],
  [/^(?:process\.env\.|import\.meta\.env\.|\$env:|env:)(\w+)$/, '$', ''],
  [/^[\w.]{0,20}(?:env(?:iron)?|config)(?:\.(?:get|fetch))?[[(]["'](\w+)["'](?:,[^]*)?[\])]$/i, 'env(', ')'],
  [/^[\w.]{0,20}env\((\w+)\)$/i, 'env(', ')'],
]

/** The name of a variable that stands in place of its value, in a form that can be shown. */
export function findVariable(text: string, part: string): string | undefined {
  for (const [pattern, before, after] of variables) {
    const match = pattern.exec(text)
    if (match) return `${before}${publicName(String(match[1]).trim())}${after}`
  }
  if (part !== 'password' && /^\$[A-Za-z_]\w*$/.test(text)) return `$${publicName(text.slice(1))}`
  return part === 'host' && /\$\{|\{\{/.test(text) ? '${…}' : undefined
}

/** What begins a reference to a store of secrets, which its platform or its tool was to resolve. */
const secretReference =
  /^(?:@Microsoft\.(?:KeyVault|AppConfiguration)(?=\()|arn:aws:|(?:op|sm|vault|doppler|infisical|ref\+\w{1,20}|(?:aws|gcp|azure|az)[\w-]{0,20}):\/\/|projects\/(?=[\w-]+\/secrets\/))/i
/** The same where a password cannot be meant. */
const wholeReference = /^(?:vault|secretref|secret|ssm|gsm|sm|keyvault|akv|kv|aws-?sm):(?=[\w/])/i

/** What a reference to a store of secrets begins with, where one stands in place of the secret. */
export function findReference(text: string, part: string): string | undefined {
  const start = (secretReference.exec(text) ?? (part === 'value' ? wholeReference.exec(text) : null))?.[0]
  return start && `${start}…`
}

/** As in `f"sqlite:///{DB_PATH}"`, whose "f" was forgotten. */
const pythonName = /^\{([A-Za-z_][\w.()]*)\}$/

/** The name of a variable that is a whole segment of a path, or `~`, which only a shell expands. */
export function findPathVariable(path: string): string | undefined {
  const segments = path.split(/[/\\]/).filter((segment) => segment !== '')
  // Behind one slash, "~name" is a directory.
  if (segments[0] === '~' || /^(?:\/{2,})?~/.test(path)) return '~'
  for (const segment of segments) {
    const dotted = /^%([A-Za-z_][\w.]*)%$/.exec(segment)?.[1]
    const name = dotted === undefined ? findVariable(segment, 'path') : `%${publicName(dotted)}%`
    if (name !== undefined) return name
    const braced = pythonName.exec(segment)?.[1]
    if (braced !== undefined) return `{${publicName(braced)}}`
  }
  const inside = /\$\{|\{\{/.exec(path)?.[0]
  return inside && `${inside}…`
}

const nothing = /^(?:undefined|null|NaN|None|nil|\[object [A-Z][A-Za-z]{0,20}\]|\(null\)|<nil>|<no value>)$/

/** The word that a program printed because it had no value. */
export function findNothing(text: string, part: string): string | undefined {
  const word = nothing.exec(text)?.[0]
  if (word) return part === 'password' && /^(?:None|nil)$/.test(word) ? undefined : word
  return part === 'host' ? /(?:^|\.)(undefined|null)(?=\.|$)/.exec(text)?.[1] : undefined
}

const bracketed = /^(?:\[([^\][]*)\]|<([^<>]*)>|\{([^{}]*)\})$/
const bracketedInside = /\[([^\][:]+)\]|<([^<>]+)>|\{([^{}]+)\}/
const masked = /^(?:x{3,}|\*{3,}|•{3,}|\.{3,}|…+)$/i
const instruction =
  /^(?:your|change|replace|enter|insert)(?=[-_ ]|me$|with|password|username|user$|database|host|project)|^click[-_ ]to[-_: ]reveal|[-_ ]here$/i
const changeMe = /^(?:change|replace)[-_ ]?(?:me|this)$/i

/** The text of a template that somebody was to fill in, in a form that can be shown. */
export function findPlaceholder(text: string, part: string): string | undefined {
  // Whole passwords may well be in brackets, but not with such words in them.
  const whole = (part === 'password' || part === 'value' ? bracketed : bracketedInside).exec(text)?.[0]
  if (whole && isPublicName(whole.slice(1, -1))) return whole
  if (part === 'host' && whole) return `${whole.charAt(0)}…${whole.slice(-1)}`
  if (masked.test(text)) return text.slice(0, 8)
  if (instruction.test(text)) return isPublicName(text) || changeMe.test(text) ? text : 'your-…'
  return undefined
}
