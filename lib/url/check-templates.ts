import { span, type Address, type Field, type Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isTlsFile, isTlsParameter } from './tls-parameters.ts'
import { findNothing, findPathVariable, findPlaceholder, findReference, findVariable } from './templates.ts'

const capitals = /^(?:YOUR_)?(?:DB_?)?(?:USER|USER_?NAME|PASS|PASSWORD|PWD|HOST|HOST_?NAME|DATABASE|NAME)$/

const parts = ['user', 'password', 'host', 'port', 'database'] as const

/** Finds what was left over from a template in a text as a whole. */
export function checkWhole(text: Field, found: Findings): boolean {
  return checkText(text.value, text, 'value', found)
}

/** Finds what was left over from a template in the parts of an address, and returns the fields that hold it. */
export function checkTemplates(address: Address, found: Findings): ReadonlySet<Field> {
  const reported = new Set<Field>()
  for (const part of parts) {
    const field = address[part]
    if (!field) continue
    const texts = part === 'host' || part === 'port' ? field.value.split(',') : [field.value]
    const isLeft =
      texts.some((text) => checkText(text, field, part, found)) || checkWords(address, part, field, found)
    if (isLeft) reported.add(field)
  }
  const isOff = address.settings.some(({ name, value }) => name === 'sslmode' && value === 'disable')
  for (const setting of address.settings) {
    const isLeft =
      (isTlsParameter(setting.name) && checkText(setting.value, setting, 'parameter', found)) ||
      (!isOff && isTlsFile(setting.name) && checkPath(setting, found))
    if (isLeft) reported.add(setting)
  }
  return reported
}

/** One word in capitals can be a name; USER:PASSWORD@HOST is a template, and so is host:port. */
function checkWords(address: Address, part: string, field: Field, found: Findings): boolean {
  const shouted = parts.filter((each) => capitals.test(String(address[each]?.value))).length
  const isHostAndPort = /^host(?:name)?:port$/i.test(`${address.host?.value}:${address.port?.value}`)
  const isTemplate =
    (shouted > 1 && capitals.test(field.value)) || (isHostAndPort && (part === 'host' || part === 'port'))
  if (isTemplate) found.refuse('placeholder', { text: field.value, part }, span(field))
  return isTemplate
}

/** Finds a variable that is a part of a path. */
export function checkPath(path: Piece, found: Findings): boolean {
  const name = findPathVariable(path.text.replaceAll(/%2f/gi, '/'))
  if (name !== undefined) found.refuse('unexpanded-variable', { name }, span(path))
  return name !== undefined
}

function checkText(value: string, field: Field, part: string, found: Findings): boolean {
  const size = found.problems.length
  // An encoded "$" was meant: it is no variable.
  const raw = part === 'host' || part === 'port' ? value : field.text
  const variable = findVariable(raw.trim(), part)
  const reference = findReference(raw, part)
  if (reference) found.refuse('unexpanded-variable', { reference }, span(field))
  const word = variable ? undefined : findNothing(value, part)
  const text = variable || word ? undefined : findPlaceholder(value, part)
  if (variable) found.refuse('unexpanded-variable', { name: variable }, span(field))
  if (word) found.refuse('undefined-text', { word, part }, span(field))
  if (text) found.refuse('placeholder', { text, part }, span(field))
  return found.problems.length > size
}
