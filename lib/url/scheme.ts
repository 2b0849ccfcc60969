import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import type { Kind } from './dialects/kind.ts'
import { kinds } from './kinds.ts'
import { explainNoScheme, explainUnknownScheme } from './unknown-scheme.ts'

/** What a text begins with, and the rest of it. */
export interface SchemeReading {
  readonly kind: Kind
  readonly jdbc: boolean
  /** What follows `scheme:`. */
  readonly body: Piece
}

const shape = /^([A-Za-z][A-Za-z0-9._-]{0,39})(?:\+([A-Za-z0-9._+-]{1,40}))?:/
const jdbcShape = /^jdbc:(?:[a-z-]{1,20}:)??(?=[A-Za-z0-9+]{1,20}:)/i
const jdbcMode = /^(?:aurora|failover|loadbalance|replication|sequential|load-balance):/i

/** Reads the scheme of a text. Without one that is known, it says what is wrong and returns nothing. */
export function readScheme(text: Piece, found: Findings): SchemeReading | undefined {
  const jdbc = jdbcShape.exec(text.text)?.[0].length ?? 0
  const match = shape.exec(text.text.slice(jdbc, jdbc + 90))
  const [prefix, name, suffix] = match ?? []
  if (!prefix || !name) {
    explainNoScheme(text, found)
    return undefined
  }
  const kind = kinds.get(name.toLowerCase())
  if (!kind) {
    explainUnknownScheme(text, jdbc, `${name}${suffix ? `+${suffix}` : ''}`, found)
    return undefined
  }
  const at = { start: text.start + jdbc, end: text.start + jdbc + prefix.length }
  if (jdbc > 0) found.repair('jdbc-url', { example: kind.example }, { start: text.start, end: at.end })
  if (name !== name.toLowerCase()) {
    found.repair('misspelled-scheme', { scheme: name, suggestion: name.toLowerCase() }, at)
  }
  if (suffix) found.note('driver-suffix', { scheme: name.toLowerCase(), suffix }, at)
  const rest = text.text.slice(jdbc + prefix.length)
  const mode = jdbc > 0 ? (jdbcMode.exec(rest)?.[0].length ?? 0) : 0
  const body = { text: rest.slice(mode), start: at.end + mode }
  return { kind, jdbc: jdbc > 0, body }
}
