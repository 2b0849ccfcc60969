/** A rule of JSON Schema, as far as the schema of the metadata uses it. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: false
}

/** A rule that a value breaks. */
export interface MetadataError {
  /** Where the value is, such as `/hf_oauth_scopes/1`. */
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** Checks a value against a schema; finds every rule that is broken. */
export function validate(schema: Schema, value: unknown, path = ''): MetadataError[] {
  const errors: MetadataError[] = []
  const fail = (keyword: string, params: MetadataError['params']): void =>
    void errors.push({ instancePath: path, keyword, params })
  if (schema.type !== undefined) {
    const allowed = [schema.type].flat()
    if (!allowed.some((type) => types[type]!(value)))
      return [{ instancePath: path, keyword: 'type', params: { type: schema.type } }]
  }
  if (schema.enum && !schema.enum.includes(value)) fail('enum', { allowedValues: schema.enum })
  if (typeof value === 'string') {
    const length = Array.from(value).length
    if (length > (schema.maxLength ?? Infinity)) fail('maxLength', { limit: schema.maxLength })
    if (length < (schema.minLength ?? 0)) fail('minLength', { limit: schema.minLength })
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
      fail('pattern', { pattern: schema.pattern })
  }
  if (typeof value === 'number') {
    if (value > (schema.maximum ?? Infinity)) fail('maximum', { limit: schema.maximum })
    if (value < (schema.minimum ?? -Infinity)) fail('minimum', { limit: schema.minimum })
  }
  if (Array.isArray(value))
    errors.push(
      ...value.flatMap((item, index) =>
        schema.items ? validate(schema.items, item, `${path}/${index}`) : [],
      ),
    )
  else if (types['object']!(value))
    errors.push(...validateFields(schema, value as Readonly<Record<string, unknown>>, path))
  return errors
}

function validateFields(
  { required = [], properties = {}, additionalProperties }: Schema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): MetadataError[] {
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((missingProperty) => ({ instancePath: path, keyword: 'required', params: { missingProperty } }))
  const others = Object.keys(value).filter(
    (name) => additionalProperties === false && !Object.hasOwn(properties, name),
  )
  const unknown = others.map((additionalProperty) => ({
    instancePath: path,
    keyword: 'additionalProperties',
    params: { additionalProperty },
  }))
  const fields = Object.entries(properties).filter(([name]) => value[name] !== undefined)
  return [
    ...missing,
    ...unknown,
    ...fields.flatMap(([name, schema]) => validate(schema, value[name], `${path}/${name}`)),
  ]
}
