// Writes lib/cli/doctor/metadata/validate-metadata.ts from the schema beside it:
// npx tsc -b && node .test/cli/doctor/generate-validator.js
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { format, resolveConfig } from 'prettier'
import { metadataSchema } from '#lib/cli/doctor/metadata/metadata-schema.js'

export const validatorPath: string = join(
  import.meta.dirname,
  '../../../lib/cli/doctor/metadata/validate-metadata.ts',
)

const head = `// @ts-nocheck
/* c8 ignore start */
/* oxlint-disable */
// Made from metadata-schema.ts by test/cli/doctor/generate-validator.ts: change those.

/** What a value is refused for. */
export interface MetadataError {
  /** The path of the value, such as \`/app_port\`; empty for the whole. */
  readonly instancePath: string
  /** The rule of JSON Schema that it breaks. */
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Checks a Space's metadata against the schema; \`errors\` then says all that is wrong. */
export const validateMetadata: { (data: unknown): boolean; errors?: readonly MetadataError[] | null } = `

/** Compiles the schema to plain code that imports nothing. */
export async function generateValidator(): Promise<string> {
  // Without unicode, lengths are counted as JavaScript does, and nothing of ajv is needed to run.
  const ajv = new Ajv({
    allErrors: true,
    unicode: false,
    strict: false,
    messages: false,
    code: { source: true, esm: true },
  })
  const code = standalone.default(ajv, ajv.compile(metadataSchema))
  const name = /export default (\w+);/.exec(code)![1]!
  const body = code
    .replace(/^"use strict";/, '')
    .replace(/export const \w+ = \w+;/, '')
    .replace(/export default \w+;/, '')
  return format(`${head}${name}\n${body}`, { ...(await resolveConfig(validatorPath)), parser: 'typescript' })
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href)
  writeFileSync(validatorPath, await generateValidator())
