/** As much of JSON Schema 2020-12 as this app writes. OpenAPI 3.1 takes it as it is. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minProperties?: number
  readonly pattern?: string
  readonly allOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly $ref?: string
}

/** A schema of an object, which is what bodies and queries are. */
export interface ObjectSchema extends JsonSchema {
  /** The name under which the API's description lists it. */
  readonly title: string
  readonly type: 'object'
  readonly properties: Readonly<Record<string, JsonSchema>>
}

/** Something to read in it. Written in what most languages' patterns know, since it is in the API's description. */
export const notBlank = '[^\\s\\p{Cc}\\p{Cf}\\u034F\\u115F\\u1160\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0]'
/** Neither NUL nor half of a surrogate pair: PostgreSQL stores no NUL, and UTF-8 has no half pairs. */
export const storable = '^[^\\u0000\\p{Cs}]*$'

const storablePattern = new RegExp(storable, 'u')

/** Whether each database can take this text. */
export function isStorable(text: string): boolean {
  return storablePattern.test(text)
}
