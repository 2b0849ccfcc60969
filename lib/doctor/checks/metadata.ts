import { finding, type Finding } from '../finding.ts'
import { closest } from '../closest.ts'
import type { FrontMatter } from '../metadata/front-matter.ts'
import { explain, meant } from '../metadata/explain-rule.ts'
import { metadataFields, metadataSchema } from '../metadata/metadata-schema.ts'
import { validate, type MetadataError } from '../metadata/validate-metadata.ts'
import type { Project } from '../project.ts'
import { findNested } from './readme.ts'

const file = 'README.md'

/** Fields that only some kinds of Space have. */
const owners: Readonly<Record<string, readonly string[]>> = {
  sdk_version: ['gradio'],
  python_version: ['gradio'],
  app_file: ['gradio', 'static'],
  app_build_command: ['static'],
  app_port: ['docker'],
}

/** The block at the head of README.md is there, and holds only what the Hub takes. */
export function checkMetadata(project: Project): Finding[] {
  const { metadata } = project
  if (!metadata) return []
  if (!('data' in metadata))
    return metadata.code === 'metadata-missing' && findNested(project) ? [] : [metadata]

  const errors = firstOfEach(validate(metadataSchema, withVersion(metadata.data)))
  return [
    ...errors.map((error) => describe(error, metadata)),
    ...checkOwners(metadata),
    ...checkDeprecated(metadata),
  ].toSorted((a, b) => a.line - b.line)
}

/** The Hub takes a number for the version of Python. YAML reads 3.10 as 3.1, which is none. */
function withVersion(data: FrontMatter['data']): FrontMatter['data'] {
  const { python_version: version } = data
  const isWhole = typeof version === 'number' && /^3\.(?:[6-9]|\d\d)$/.test(String(version))
  return isWhole ? { ...data, python_version: String(version) } : data
}

/** An array of wrong items is one finding; so is a value that breaks several rules. */
function firstOfEach(errors: readonly MetadataError[]): MetadataError[] {
  const seen = new Set<unknown>()
  return errors.filter((error) => {
    const key = fieldOf(error) || error.params['missingProperty'] || error.params['additionalProperty']
    return !seen.has(key) && seen.add(key)
  })
}

function fieldOf({ instancePath }: MetadataError): string {
  return instancePath.split('/')[1] ?? ''
}

function describe(error: MetadataError, { data, lineOf }: FrontMatter): Finding {
  const field = fieldOf(error)
  if (error.keyword === 'required') {
    return finding(
      error.params['missingProperty'] === 'sdk' ? 'metadata-sdk-missing' : 'metadata-title-missing',
      { file, line: 1 },
    )
  }
  if (field === '') return describeUnknown(String(error.params['additionalProperty']), lineOf)
  const path = error.instancePath.split('/').slice(1)
  const value = path.reduce<unknown>((parent, key) => (parent as Record<string, unknown>)[key], data)
  const { why, cure } = explain(error, field, value)
  const severity = isOutgrown(error, field, value) ? 'warning' : 'error'
  return finding(
    'metadata-invalid',
    { file, line: lineOf(field) },
    { field: path.join('.'), why, cure },
    severity,
  )
}

/** The Hub adds to these lists: what is not like any of theirs may be a new one. */
function isOutgrown({ keyword, params }: MetadataError, field: string, value: unknown): boolean {
  if (keyword !== 'enum') return false
  if (field === 'suggested_hardware' || field === 'hf_oauth_scopes') return true
  return field === 'license' && meant(value, params['allowedValues'] as readonly string[]) === undefined
}

function describeUnknown(field: string, lineOf: FrontMatter['lineOf']): Finding {
  const suggestion = closest(field, Object.keys(metadataFields))
  const place = { file, line: lineOf(field) }
  return suggestion
    ? finding('metadata-misspelled-field', place, { field, suggestion })
    : finding('metadata-unknown-field', place, { field })
}

function checkOwners({ data, lineOf }: FrontMatter): Finding[] {
  const sdk = String(data['sdk'])
  if (!['docker', 'gradio', 'static'].includes(sdk)) return []
  return Object.entries(owners)
    .filter(([field, sdks]) => field in data && !sdks.includes(sdk))
    .map(([field, sdks]) => {
      const cure =
        field === 'app_port'
          ? 'Remove it, or write sdk: docker.'
          : `Remove it${sdk === 'docker' ? ': the Dockerfile decides' : ''}.`
      return finding(
        'metadata-other-sdk',
        { file, line: lineOf(field) },
        { field, sdk, others: sdks.join(' and '), cure },
      )
    })
}

function checkDeprecated({ data, lineOf }: FrontMatter): Finding[] {
  const field = 'suggested_storage'
  const cure = 'Remove it, and attach a Storage Bucket to the Space where files must outlive a restart.'
  return field in data
    ? [finding('metadata-deprecated-field', { file, line: lineOf(field) }, { field, cure })]
    : []
}
