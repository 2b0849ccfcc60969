import { span, type Address, type Field } from './field.ts'
import type { Findings } from './findings.ts'
import { findNothing, findPlaceholder, findVariable } from './templates.ts'

/** A cheap test that every text with something to find in it passes. */
const suspect = /[[<{]|here$|undefined|null/
const starts: ReadonlySet<string> = new Set('$%*.#•…([<{nuxycreipNUXYCREIPHD')

function mayBeLeft(field: Field | undefined): boolean {
  if (!field) return false
  const text = field.value
  return text !== '' && (starts.has(text.charAt(0)) || (text.length > 3 && suspect.test(text)))
}

const capitals = /^(?:YOUR_)?(?:DB_?)?(?:USER|USER_?NAME|PASS|PASSWORD|PWD|HOST|HOST_?NAME|DATABASE|NAME)$/

const parts = ['user', 'password', 'host', 'port', 'database'] as const
const none: ReadonlySet<Field> = new Set()

/** Finds what was left over from a template in a text as a whole. */
export function checkWhole(text: Field, found: Findings): boolean {
  return mayBeLeft(text) && checkText(text.value, text, 'value', found)
}

/** Finds what was left over from a template in the parts of an address, and returns the fields that hold it. */
export function checkTemplates(address: Address, found: Findings): ReadonlySet<Field> {
  const { user, password, host, port, database } = address
  const isClean = !(
    mayBeLeft(user) ||
    mayBeLeft(password) ||
    mayBeLeft(host) ||
    mayBeLeft(port) ||
    mayBeLeft(database)
  )
  if (isClean) return none
  const reported = new Set<Field>()
  for (const part of parts) {
    const field = address[part]
    if (!field) continue
    const texts = part === 'host' || part === 'port' ? field.value.split(',') : [field.value]
    const isLeft =
      texts.some((text) => checkText(text, field, part, found)) || checkCapitals(address, part, field, found)
    if (isLeft) reported.add(field)
  }
  return reported
}

/** One word in capitals can be a name; USER:PASSWORD@HOST is a template. */
function checkCapitals(address: Address, part: string, field: Field, found: Findings): boolean {
  if (!capitals.test(field.value)) return false
  const shouted = parts.filter((each) => capitals.test(String(address[each]?.value))).length
  if (shouted > 1) found.refuse('placeholder', { text: field.value, part }, span(field))
  return shouted > 1
}

function checkText(value: string, field: Field, part: string, found: Findings): boolean {
  const size = found.problems.length
  // An encoded "$" was meant: it is no variable.
  const raw = part === 'host' || part === 'port' ? value : field.text
  const variable = findVariable(raw.trim(), part)
  const word = variable ? undefined : findNothing(value, part)
  const text = variable || word ? undefined : findPlaceholder(value, part)
  if (variable) found.refuse('unexpanded-variable', { name: variable }, span(field))
  if (word) found.refuse('undefined-text', { word, part }, span(field))
  if (text) found.refuse('placeholder', { text, part }, span(field))
  return found.problems.length > size
}
