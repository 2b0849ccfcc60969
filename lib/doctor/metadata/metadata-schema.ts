import type { Schema } from './validate-metadata.ts'

const colors = ['red', 'yellow', 'green', 'blue', 'indigo', 'purple', 'pink', 'gray']

const scopes =
  'email read-billing read-memberships read-repos gated-repos contribute-repos write-repos manage-repos ' +
  'read-collections write-collections inference-api read-endpoints write-endpoints jobs webhooks write-discussions'

const hardware =
  'cpu-basic cpu-upgrade t4-small t4-medium l4x1 l4x4 l40sx1 l40sx4 l40sx8 a10g-small a10g-large a10g-largex2 ' +
  'a10g-largex4 a100-large a100x4 a100x8 zero-a10g'

const licenses =
  'apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m ' +
  'afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 ' +
  'cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 ' +
  'cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 ' +
  'cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 ' +
  'lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl ' +
  'openmdw-1.0 openmdw-1.1 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr ' +
  'deepfloyd-if-license fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 ' +
  'grok2-community gemma unknown other'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const
const flag = { type: 'boolean' } as const
const lowerCase = { type: 'string', pattern: '^[^A-Z]+$' } as const

/** The fields of a Space's metadata, as the Hub's configuration reference has them. */
export const metadataFields: Readonly<Record<string, Schema>> = {
  duplicated_from: text,
  title: { type: 'string', minLength: 1, maxLength: 100 },
  emoji: {
    type: 'string',
    pattern: '^(\\p{Extended_Pictographic}|\\p{Regional_Indicator}|[0-9#*]\\u{FE0F}?\\u{20E3})',
  },
  colorFrom: { enum: colors },
  colorTo: { enum: colors },
  sdk: { enum: ['docker', 'gradio', 'static'] },
  sdk_version: text,
  python_version: { type: 'string', pattern: '^3\\.\\d+(\\.\\d+)?$' },
  app_file: text,
  app_build_command: text,
  app_port: { type: 'integer', minimum: 1, maximum: 65_535 },
  base_path: { type: 'string', pattern: '^/' },
  fullWidth: flag,
  header: { enum: ['mini', 'default'] },
  short_description: { type: 'string', maxLength: 60 },
  models: texts,
  datasets: texts,
  tags: texts,
  thumbnail: { type: 'string', pattern: '^https?://' },
  pinned: flag,
  license: { enum: licenses.split(' ') },
  hf_oauth: flag,
  hf_oauth_scopes: { type: 'array', items: { enum: scopes.split(' ') } },
  hf_oauth_expiration_minutes: { type: 'integer', minimum: 1, maximum: 43_200 },
  hf_oauth_authorized_org: { type: ['string', 'array'], items: text },
  disable_embedding: flag,
  startup_duration_timeout: { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s?(ms|s|m|h|d)$' },
  suggested_hardware: { enum: hardware.split(' ') },
  suggested_storage: { enum: ['small', 'medium', 'large'] },
  custom_headers: {
    type: 'object',
    additionalProperties: false,
    properties: {
      'cross-origin-embedder-policy': lowerCase,
      'cross-origin-opener-policy': lowerCase,
      'cross-origin-resource-policy': lowerCase,
    },
  },
  preload_from_hub: { type: 'array', items: { type: 'string', pattern: '^\\S+( \\S+( [0-9a-f]{40})?)?$' } },
}

/** The JSON Schema of a Space's metadata, the block at the head of its README.md. */
export const metadataSchema: Schema = {
  type: 'object',
  required: ['sdk', 'title'],
  additionalProperties: false,
  properties: metadataFields,
}
