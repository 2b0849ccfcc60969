import { Ajv, type ErrorObject } from 'ajv'
import { HttpProblem, type FieldError } from './http-problem.ts'
import { notBlank, storable, type ObjectSchema } from './json-schema.ts'

// All errors at once is safe here: bodies are small, and no pattern backtracks.
const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true })

/** More than any shape has fields: what is cut off are fields that nobody knows. */
const maximumErrors = 50

type RequestPart = 'body' | 'query'

/** Checks a body or a query against its schema, and fills in defaults. */
export type Validator = (value: object) => void

/**
 * Compiles a schema.
 *
 * @returns a function that throws a 400 which names every field that is wrong.
 */
export function validator(part: RequestPart, schema: ObjectSchema): Validator {
  const validate = ajv.compile(schema)
  return (value) => {
    if (part === 'query') readTexts(value as Record<string, unknown>, schema)
    if (validate(value)) return
    const all = (validate.errors as ErrorObject[]).map((error) => fieldError(part, error))
    const errors = firstOfEachField(all).slice(0, maximumErrors)
    const detail = `The ${part} is not valid: ${errors.map(describe).join('; ')}.`
    throw new HttpProblem(400, { detail, errors })
  }
}

const jsonLiteral = /^(true|false|-?(0|[1-9]\d*))$/

/**
 * A query holds text only: "20" becomes 20, and "true" becomes true. What JSON writes otherwise stays text, and is refused; ajv's own
 * `coerceTypes` reads 0x14, blanks, and Infinity, which no maximum keeps out.
 */
function readTexts(query: Record<string, unknown>, { properties }: ObjectSchema): void {
  for (const [name, { type }] of Object.entries(properties)) {
    const text = query[name]
    if (type !== 'string' && typeof text === 'string' && jsonLiteral.test(text))
      query[name] = JSON.parse(text)
  }
}

/** What ajv says of the keywords that this app uses; each says some of it. */
interface Params {
  readonly missingProperty?: string
  readonly additionalProperty?: string
  readonly type: string
  readonly limit: number
  readonly pattern: string
  readonly allowedValues: readonly string[]
}

function fieldError(part: RequestPart, error: ErrorObject): FieldError {
  const params = error.params as Params
  const name = params.missingProperty ?? params.additionalProperty
  const detail = reasons[error.keyword]?.(params) ?? String(error.message)
  if (part === 'query') {
    const isRepeated = Array.isArray(error.data)
    const parameter = name ?? error.instancePath.slice(1)
    return { parameter, detail: isRepeated ? 'must be given only once' : detail }
  }
  const place = name === undefined ? '' : `/${escapePointer(name)}`
  return { pointer: `#${error.instancePath}${place}`, detail }
}

const patterns: Readonly<Record<string, string>> = {
  [notBlank]: 'must not be blank',
  [storable]: 'must hold neither NUL characters nor unpaired surrogates',
}

const reasons: Readonly<Record<string, (params: Params) => string>> = {
  required: () => 'is required',
  additionalProperties: () => 'is not known',
  minProperties: () => 'must hold at least one field',
  type: ({ type }) => (type === 'string' ? 'must be text' : `must be of type ${type}`),
  minLength: () => 'must not be empty',
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  enum: ({ allowedValues }) => `must be one of ${allowedValues.join(', ')}`,
  pattern: ({ pattern }) => patterns[pattern] ?? 'has the wrong form',
}

/** RFC 6901. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function firstOfEachField(errors: readonly FieldError[]): FieldError[] {
  return [...new Map(errors.toReversed().map((error) => [where(error), error])).values()].toReversed()
}

function where({ pointer, parameter }: FieldError): string {
  return parameter ?? (pointer === '#' ? 'body' : String(pointer).slice(2))
}

function describe(error: FieldError): string {
  return `${where(error)} ${error.detail}`
}
