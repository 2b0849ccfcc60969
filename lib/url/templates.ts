import type { Address, Field, Piece } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { isPublicName, publicName } from './vocabulary.ts'

/** A cheap test that every text with something to find here passes. */
const suspect =
  /[${}<>[\]*•…]|%\w+%|\.\.\.|undefined|null|nan\b|object|none|your|xxx|change|replace|enter|insert|here|USER|HOST|PASS|DATABASE|DBNAME/i
const capitals =
  /^(?:YOUR_)?(?:DB_?)?(?:USER|USER_?NAME|PASS|PASSWORD|PWD|HOST|HOST_?NAME|PORT|DATABASE|DATABASE_?NAME|DB_?NAME|NAME)$/

/** Finds what was left over from a template in a text as a whole. */
export function checkWhole(text: Field, found: Findings): boolean {
  return suspect.test(text.text) && checkText(text.value, text, 'value', found)
}

/** Finds what was left over from a template in the parts of an address, and returns the fields that hold it. */
export function checkTemplates(input: string, address: Address, found: Findings): Set<Field> {
  const reported = new Set<Field>()
  if (!suspect.test(input)) return reported
  const { user, password, host, port, database } = address
  const parts = Object.entries({ user, password, host, port, database })
  const shouted = parts.filter(([, field]) => field && capitals.test(field.value)).length > 1
  for (const [part, field] of parts) {
    if (!field) continue
    const texts = part === 'host' || part === 'port' ? field.value.split(',') : [field.value]
    const left = texts.some((text) => checkText(text, field, part, found))
    if (left) reported.add(field)
    else if (shouted && capitals.test(field.value)) {
      found.refuse('placeholder', { text: field.value, part }, span(field))
      reported.add(field)
    }
  }
  return reported
}

function checkText(value: string, piece: Piece, part: string, found: Findings): boolean {
  const raw = part === 'host' || part === 'port' ? value : piece.text
  const variable = findVariable(raw, part)
  const word = findUndefined(value, part)
  const placeholder = findPlaceholder(value, part)
  if (variable) found.refuse('unexpanded-variable', { name: variable }, span(piece))
  else if (word) found.refuse('undefined-text', { word, part }, span(piece))
  else if (placeholder) found.refuse('placeholder', { text: placeholder, part }, span(piece))
  return Boolean(variable ?? word ?? placeholder)
}

const variables: readonly (readonly [pattern: RegExp, before: string, after: string])[] = [
  [/^\$\{\{([^}]*)\}\}$/, '${{', '}}'],
  [/^\$\{([^}]*)\}$/, '${', '}'],
  [/^\$\(([^)]*)\)$/, '$(', ')'],
  [/^\{\{([^}]*)\}\}$/, '{{', '}}'],
  [/^<%=?([^%]*)%>$/, '<%=', '%>'],
  [/^#\{([^}]*)\}$/, '#{', '}'],
  [/^%([A-Za-z_]\w*)%$/, '%', '%'],
  [/^\$([A-Z_][A-Z0-9_]*)$/, '$', ''],
  [/^(?:process\.env\.|\$env:|env:)(\w+)$/, '$', ''],
]

function findVariable(text: string, part: string): string | undefined {
  for (const [pattern, before, after] of variables) {
    const match = pattern.exec(text.trim())
    if (match) return `${before}${publicName(String(match[1]).trim())}${after}`
  }
  if (part !== 'password' && /^\$[A-Za-z_]\w*$/.test(text)) return `$${publicName(text.slice(1))}`
  return part === 'host' && /\$\{|\{\{/.test(text) ? '${…}' : undefined
}

function findUndefined(text: string, part: string): string | undefined {
  const word = /^(?:undefined|null|NaN|None|nil|\[object [A-Z]\w{0,20}\]|\(null\)|<nil>|<no value>)$/.exec(
    text,
  )?.[0]
  if (word) return part === 'password' && /^(?:None|nil)$/.test(word) ? undefined : word
  return part === 'host' ? /(?:^|\.)(undefined|null)(?=\.|$)/.exec(text)?.[1] : undefined
}

function findPlaceholder(text: string, part: string): string | undefined {
  const bracketed = /^(?:\[([^\][]*)\]|<([^<>]*)>|\{([^{}]*)\})$/.exec(text)
  const inner = bracketed?.[1] ?? bracketed?.[2] ?? bracketed?.[3]
  if (inner !== undefined) {
    if (isPublicName(inner)) return text
    return part === 'password' || part === 'value' || /[^\w .-]/.test(inner)
      ? undefined
      : `${text.charAt(0)}…${text.slice(-1)}`
  }
  if (part === 'host' && /\[[^\]:]*\]|<[^>]*>/.test(text)) return '[…]'
  if (/^(?:x{3,}|\*{3,}|•{3,}|\.{3,}|…+)$/i.test(text)) return text.slice(0, 8)
  const template =
    /^(?:your|change|replace|enter|insert)(?=[-_ ]|me$|with|password|username|user$|database|host|project)|[-_ ]here$/i.test(
      text,
    )
  if (!template) return undefined
  return isPublicName(text) ? text : 'your-…'
}
