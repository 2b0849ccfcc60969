// @ts-nocheck
/* c8 ignore start */
/* oxlint-disable */
// Made from metadata-schema.ts by test/cli/doctor/generate-validator.ts: change those.

/** What a value is refused for. */
export interface MetadataError {
  /** The path of the value, such as `/app_port`; empty for the whole. */
  readonly instancePath: string
  /** The rule of JSON Schema that it breaks. */
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Checks a Space's metadata against the schema; `errors` then says all that is wrong. */
export const validateMetadata: { (data: unknown): boolean; errors?: readonly MetadataError[] | null } =
  validate10
const schema11 = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['sdk', 'title'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 100 },
    emoji: {
      type: 'string',
      pattern: '^(\\p{Extended_Pictographic}|\\p{Regional_Indicator}|[0-9#*]\\u{FE0F}?\\u{20E3})',
    },
    colorFrom: { enum: ['red', 'yellow', 'green', 'blue', 'indigo', 'purple', 'pink', 'gray'] },
    colorTo: { enum: ['red', 'yellow', 'green', 'blue', 'indigo', 'purple', 'pink', 'gray'] },
    sdk: { enum: ['docker', 'gradio', 'static'] },
    sdk_version: { type: 'string' },
    python_version: { type: 'string', pattern: '^3\\.\\d+(\\.\\d+)?$' },
    app_file: { type: 'string' },
    app_build_command: { type: 'string' },
    app_port: { type: 'integer', minimum: 1, maximum: 65535 },
    base_path: { type: 'string', pattern: '^/' },
    fullWidth: { type: 'boolean' },
    header: { enum: ['mini', 'default'] },
    short_description: { type: 'string', maxLength: 60 },
    models: { type: 'array', items: { type: 'string' } },
    datasets: { type: 'array', items: { type: 'string' } },
    tags: { type: 'array', items: { type: 'string' } },
    thumbnail: { type: 'string', pattern: '^https?://' },
    pinned: { type: 'boolean' },
    license: {
      enum: [
        'apache-2.0',
        'mit',
        'openrail',
        'bigscience-openrail-m',
        'creativeml-openrail-m',
        'bigscience-bloom-rail-1.0',
        'bigcode-openrail-m',
        'afl-3.0',
        'artistic-2.0',
        'bsl-1.0',
        'bsd',
        'bsd-2-clause',
        'bsd-3-clause',
        'bsd-3-clause-clear',
        'c-uda',
        'cc',
        'cc0-1.0',
        'cc-by-2.0',
        'cc-by-2.5',
        'cc-by-3.0',
        'cc-by-4.0',
        'cc-by-sa-3.0',
        'cc-by-sa-4.0',
        'cc-by-nc-2.0',
        'cc-by-nc-3.0',
        'cc-by-nc-4.0',
        'cc-by-nd-4.0',
        'cc-by-nc-nd-3.0',
        'cc-by-nc-nd-4.0',
        'cc-by-nc-sa-2.0',
        'cc-by-nc-sa-3.0',
        'cc-by-nc-sa-4.0',
        'cdla-sharing-1.0',
        'cdla-permissive-1.0',
        'cdla-permissive-2.0',
        'wtfpl',
        'ecl-2.0',
        'epl-1.0',
        'epl-2.0',
        'etalab-2.0',
        'eupl-1.1',
        'eupl-1.2',
        'agpl-3.0',
        'gfdl',
        'gpl',
        'gpl-2.0',
        'gpl-3.0',
        'lgpl',
        'lgpl-2.1',
        'lgpl-3.0',
        'isc',
        'h-research',
        'intel-research',
        'lppl-1.3c',
        'ms-pl',
        'apple-ascl',
        'apple-amlr',
        'mpl-2.0',
        'odc-by',
        'odbl',
        'openmdw-1.0',
        'openmdw-1.1',
        'openrail++',
        'osl-3.0',
        'postgresql',
        'ofl-1.1',
        'ncsa',
        'unlicense',
        'zlib',
        'pddl',
        'lgpl-lr',
        'deepfloyd-if-license',
        'fair-noncommercial-research-license',
        'llama2',
        'llama3',
        'llama3.1',
        'llama3.2',
        'llama3.3',
        'llama4',
        'grok2-community',
        'gemma',
        'unknown',
        'other',
      ],
    },
    hf_oauth: { type: 'boolean' },
    hf_oauth_scopes: {
      type: 'array',
      items: {
        enum: [
          'email',
          'read-billing',
          'read-memberships',
          'read-repos',
          'gated-repos',
          'contribute-repos',
          'write-repos',
          'manage-repos',
          'read-collections',
          'write-collections',
          'inference-api',
          'read-endpoints',
          'write-endpoints',
          'jobs',
          'webhooks',
          'write-discussions',
        ],
      },
    },
    hf_oauth_expiration_minutes: { type: 'integer', minimum: 1, maximum: 43200 },
    hf_oauth_authorized_org: { type: ['string', 'array'], items: { type: 'string' } },
    disable_embedding: { type: 'boolean' },
    startup_duration_timeout: { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s?(ms|s|m|h|d)$' },
    suggested_hardware: {
      enum: [
        'cpu-basic',
        'cpu-upgrade',
        't4-small',
        't4-medium',
        'l4x1',
        'l4x4',
        'l40sx1',
        'l40sx4',
        'l40sx8',
        'a10g-small',
        'a10g-large',
        'a10g-largex2',
        'a10g-largex4',
        'a100-large',
        'a100x4',
        'a100x8',
        'zero-a10g',
      ],
    },
    suggested_storage: { enum: ['small', 'medium', 'large'] },
    custom_headers: {
      type: 'object',
      additionalProperties: false,
      properties: {
        'cross-origin-embedder-policy': { type: 'string', pattern: '^[^A-Z]+$' },
        'cross-origin-opener-policy': { type: 'string', pattern: '^[^A-Z]+$' },
        'cross-origin-resource-policy': { type: 'string', pattern: '^[^A-Z]+$' },
      },
    },
    preload_from_hub: { type: 'array', items: { type: 'string', pattern: '^\\S+( \\S+( [0-9a-f]{40})?)?$' } },
  },
}
const func2 = Object.prototype.hasOwnProperty
const pattern0 = new RegExp(
  '^(\\p{Extended_Pictographic}|\\p{Regional_Indicator}|[0-9#*]\\u{FE0F}?\\u{20E3})',
  'u',
)
const pattern1 = new RegExp('^3\\.\\d+(\\.\\d+)?$', 'u')
const pattern2 = new RegExp('^/', 'u')
const pattern3 = new RegExp('^https?://', 'u')
const pattern4 = new RegExp('^\\d+(\\.\\d+)?\\s?(ms|s|m|h|d)$', 'u')
const pattern5 = new RegExp('^[^A-Z]+$', 'u')
const pattern8 = new RegExp('^\\S+( \\S+( [0-9a-f]{40})?)?$', 'u')
function validate10(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null
  let errors = 0
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.sdk === undefined) {
      const err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'sdk' },
      }
      if (vErrors === null) {
        vErrors = [err0]
      } else {
        vErrors.push(err0)
      }
      errors++
    }
    if (data.title === undefined) {
      const err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'title' },
      }
      if (vErrors === null) {
        vErrors = [err1]
      } else {
        vErrors.push(err1)
      }
      errors++
    }
    for (const key0 in data) {
      if (!func2.call(schema11.properties, key0)) {
        const err2 = {
          instancePath,
          schemaPath: '#/additionalProperties',
          keyword: 'additionalProperties',
          params: { additionalProperty: key0 },
        }
        if (vErrors === null) {
          vErrors = [err2]
        } else {
          vErrors.push(err2)
        }
        errors++
      }
    }
    if (data.title !== undefined) {
      let data0 = data.title
      if (typeof data0 === 'string') {
        if (data0.length > 100) {
          const err3 = {
            instancePath: instancePath + '/title',
            schemaPath: '#/properties/title/maxLength',
            keyword: 'maxLength',
            params: { limit: 100 },
          }
          if (vErrors === null) {
            vErrors = [err3]
          } else {
            vErrors.push(err3)
          }
          errors++
        }
        if (data0.length < 1) {
          const err4 = {
            instancePath: instancePath + '/title',
            schemaPath: '#/properties/title/minLength',
            keyword: 'minLength',
            params: { limit: 1 },
          }
          if (vErrors === null) {
            vErrors = [err4]
          } else {
            vErrors.push(err4)
          }
          errors++
        }
      } else {
        const err5 = {
          instancePath: instancePath + '/title',
          schemaPath: '#/properties/title/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err5]
        } else {
          vErrors.push(err5)
        }
        errors++
      }
    }
    if (data.emoji !== undefined) {
      let data1 = data.emoji
      if (typeof data1 === 'string') {
        if (!pattern0.test(data1)) {
          const err6 = {
            instancePath: instancePath + '/emoji',
            schemaPath: '#/properties/emoji/pattern',
            keyword: 'pattern',
            params: {
              pattern: '^(\\p{Extended_Pictographic}|\\p{Regional_Indicator}|[0-9#*]\\u{FE0F}?\\u{20E3})',
            },
          }
          if (vErrors === null) {
            vErrors = [err6]
          } else {
            vErrors.push(err6)
          }
          errors++
        }
      } else {
        const err7 = {
          instancePath: instancePath + '/emoji',
          schemaPath: '#/properties/emoji/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err7]
        } else {
          vErrors.push(err7)
        }
        errors++
      }
    }
    if (data.colorFrom !== undefined) {
      let data2 = data.colorFrom
      if (!(
        data2 === 'red' ||
        data2 === 'yellow' ||
        data2 === 'green' ||
        data2 === 'blue' ||
        data2 === 'indigo' ||
        data2 === 'purple' ||
        data2 === 'pink' ||
        data2 === 'gray'
      )) {
        const err8 = {
          instancePath: instancePath + '/colorFrom',
          schemaPath: '#/properties/colorFrom/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.colorFrom.enum },
        }
        if (vErrors === null) {
          vErrors = [err8]
        } else {
          vErrors.push(err8)
        }
        errors++
      }
    }
    if (data.colorTo !== undefined) {
      let data3 = data.colorTo
      if (!(
        data3 === 'red' ||
        data3 === 'yellow' ||
        data3 === 'green' ||
        data3 === 'blue' ||
        data3 === 'indigo' ||
        data3 === 'purple' ||
        data3 === 'pink' ||
        data3 === 'gray'
      )) {
        const err9 = {
          instancePath: instancePath + '/colorTo',
          schemaPath: '#/properties/colorTo/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.colorTo.enum },
        }
        if (vErrors === null) {
          vErrors = [err9]
        } else {
          vErrors.push(err9)
        }
        errors++
      }
    }
    if (data.sdk !== undefined) {
      let data4 = data.sdk
      if (!(data4 === 'docker' || data4 === 'gradio' || data4 === 'static')) {
        const err10 = {
          instancePath: instancePath + '/sdk',
          schemaPath: '#/properties/sdk/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.sdk.enum },
        }
        if (vErrors === null) {
          vErrors = [err10]
        } else {
          vErrors.push(err10)
        }
        errors++
      }
    }
    if (data.sdk_version !== undefined) {
      if (typeof data.sdk_version !== 'string') {
        const err11 = {
          instancePath: instancePath + '/sdk_version',
          schemaPath: '#/properties/sdk_version/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err11]
        } else {
          vErrors.push(err11)
        }
        errors++
      }
    }
    if (data.python_version !== undefined) {
      let data6 = data.python_version
      if (typeof data6 === 'string') {
        if (!pattern1.test(data6)) {
          const err12 = {
            instancePath: instancePath + '/python_version',
            schemaPath: '#/properties/python_version/pattern',
            keyword: 'pattern',
            params: { pattern: '^3\\.\\d+(\\.\\d+)?$' },
          }
          if (vErrors === null) {
            vErrors = [err12]
          } else {
            vErrors.push(err12)
          }
          errors++
        }
      } else {
        const err13 = {
          instancePath: instancePath + '/python_version',
          schemaPath: '#/properties/python_version/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err13]
        } else {
          vErrors.push(err13)
        }
        errors++
      }
    }
    if (data.app_file !== undefined) {
      if (typeof data.app_file !== 'string') {
        const err14 = {
          instancePath: instancePath + '/app_file',
          schemaPath: '#/properties/app_file/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err14]
        } else {
          vErrors.push(err14)
        }
        errors++
      }
    }
    if (data.app_build_command !== undefined) {
      if (typeof data.app_build_command !== 'string') {
        const err15 = {
          instancePath: instancePath + '/app_build_command',
          schemaPath: '#/properties/app_build_command/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err15]
        } else {
          vErrors.push(err15)
        }
        errors++
      }
    }
    if (data.app_port !== undefined) {
      let data9 = data.app_port
      if (!(typeof data9 == 'number' && !(data9 % 1) && !isNaN(data9))) {
        const err16 = {
          instancePath: instancePath + '/app_port',
          schemaPath: '#/properties/app_port/type',
          keyword: 'type',
          params: { type: 'integer' },
        }
        if (vErrors === null) {
          vErrors = [err16]
        } else {
          vErrors.push(err16)
        }
        errors++
      }
      if (typeof data9 == 'number') {
        if (data9 > 65535 || isNaN(data9)) {
          const err17 = {
            instancePath: instancePath + '/app_port',
            schemaPath: '#/properties/app_port/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 65535 },
          }
          if (vErrors === null) {
            vErrors = [err17]
          } else {
            vErrors.push(err17)
          }
          errors++
        }
        if (data9 < 1 || isNaN(data9)) {
          const err18 = {
            instancePath: instancePath + '/app_port',
            schemaPath: '#/properties/app_port/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 1 },
          }
          if (vErrors === null) {
            vErrors = [err18]
          } else {
            vErrors.push(err18)
          }
          errors++
        }
      }
    }
    if (data.base_path !== undefined) {
      let data10 = data.base_path
      if (typeof data10 === 'string') {
        if (!pattern2.test(data10)) {
          const err19 = {
            instancePath: instancePath + '/base_path',
            schemaPath: '#/properties/base_path/pattern',
            keyword: 'pattern',
            params: { pattern: '^/' },
          }
          if (vErrors === null) {
            vErrors = [err19]
          } else {
            vErrors.push(err19)
          }
          errors++
        }
      } else {
        const err20 = {
          instancePath: instancePath + '/base_path',
          schemaPath: '#/properties/base_path/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err20]
        } else {
          vErrors.push(err20)
        }
        errors++
      }
    }
    if (data.fullWidth !== undefined) {
      if (typeof data.fullWidth !== 'boolean') {
        const err21 = {
          instancePath: instancePath + '/fullWidth',
          schemaPath: '#/properties/fullWidth/type',
          keyword: 'type',
          params: { type: 'boolean' },
        }
        if (vErrors === null) {
          vErrors = [err21]
        } else {
          vErrors.push(err21)
        }
        errors++
      }
    }
    if (data.header !== undefined) {
      let data12 = data.header
      if (!(data12 === 'mini' || data12 === 'default')) {
        const err22 = {
          instancePath: instancePath + '/header',
          schemaPath: '#/properties/header/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.header.enum },
        }
        if (vErrors === null) {
          vErrors = [err22]
        } else {
          vErrors.push(err22)
        }
        errors++
      }
    }
    if (data.short_description !== undefined) {
      let data13 = data.short_description
      if (typeof data13 === 'string') {
        if (data13.length > 60) {
          const err23 = {
            instancePath: instancePath + '/short_description',
            schemaPath: '#/properties/short_description/maxLength',
            keyword: 'maxLength',
            params: { limit: 60 },
          }
          if (vErrors === null) {
            vErrors = [err23]
          } else {
            vErrors.push(err23)
          }
          errors++
        }
      } else {
        const err24 = {
          instancePath: instancePath + '/short_description',
          schemaPath: '#/properties/short_description/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err24]
        } else {
          vErrors.push(err24)
        }
        errors++
      }
    }
    if (data.models !== undefined) {
      let data14 = data.models
      if (Array.isArray(data14)) {
        const len0 = data14.length
        for (let i0 = 0; i0 < len0; i0++) {
          if (typeof data14[i0] !== 'string') {
            const err25 = {
              instancePath: instancePath + '/models/' + i0,
              schemaPath: '#/properties/models/items/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err25]
            } else {
              vErrors.push(err25)
            }
            errors++
          }
        }
      } else {
        const err26 = {
          instancePath: instancePath + '/models',
          schemaPath: '#/properties/models/type',
          keyword: 'type',
          params: { type: 'array' },
        }
        if (vErrors === null) {
          vErrors = [err26]
        } else {
          vErrors.push(err26)
        }
        errors++
      }
    }
    if (data.datasets !== undefined) {
      let data16 = data.datasets
      if (Array.isArray(data16)) {
        const len1 = data16.length
        for (let i1 = 0; i1 < len1; i1++) {
          if (typeof data16[i1] !== 'string') {
            const err27 = {
              instancePath: instancePath + '/datasets/' + i1,
              schemaPath: '#/properties/datasets/items/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err27]
            } else {
              vErrors.push(err27)
            }
            errors++
          }
        }
      } else {
        const err28 = {
          instancePath: instancePath + '/datasets',
          schemaPath: '#/properties/datasets/type',
          keyword: 'type',
          params: { type: 'array' },
        }
        if (vErrors === null) {
          vErrors = [err28]
        } else {
          vErrors.push(err28)
        }
        errors++
      }
    }
    if (data.tags !== undefined) {
      let data18 = data.tags
      if (Array.isArray(data18)) {
        const len2 = data18.length
        for (let i2 = 0; i2 < len2; i2++) {
          if (typeof data18[i2] !== 'string') {
            const err29 = {
              instancePath: instancePath + '/tags/' + i2,
              schemaPath: '#/properties/tags/items/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err29]
            } else {
              vErrors.push(err29)
            }
            errors++
          }
        }
      } else {
        const err30 = {
          instancePath: instancePath + '/tags',
          schemaPath: '#/properties/tags/type',
          keyword: 'type',
          params: { type: 'array' },
        }
        if (vErrors === null) {
          vErrors = [err30]
        } else {
          vErrors.push(err30)
        }
        errors++
      }
    }
    if (data.thumbnail !== undefined) {
      let data20 = data.thumbnail
      if (typeof data20 === 'string') {
        if (!pattern3.test(data20)) {
          const err31 = {
            instancePath: instancePath + '/thumbnail',
            schemaPath: '#/properties/thumbnail/pattern',
            keyword: 'pattern',
            params: { pattern: '^https?://' },
          }
          if (vErrors === null) {
            vErrors = [err31]
          } else {
            vErrors.push(err31)
          }
          errors++
        }
      } else {
        const err32 = {
          instancePath: instancePath + '/thumbnail',
          schemaPath: '#/properties/thumbnail/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err32]
        } else {
          vErrors.push(err32)
        }
        errors++
      }
    }
    if (data.pinned !== undefined) {
      if (typeof data.pinned !== 'boolean') {
        const err33 = {
          instancePath: instancePath + '/pinned',
          schemaPath: '#/properties/pinned/type',
          keyword: 'type',
          params: { type: 'boolean' },
        }
        if (vErrors === null) {
          vErrors = [err33]
        } else {
          vErrors.push(err33)
        }
        errors++
      }
    }
    if (data.license !== undefined) {
      let data22 = data.license
      if (!(
        data22 === 'apache-2.0' ||
        data22 === 'mit' ||
        data22 === 'openrail' ||
        data22 === 'bigscience-openrail-m' ||
        data22 === 'creativeml-openrail-m' ||
        data22 === 'bigscience-bloom-rail-1.0' ||
        data22 === 'bigcode-openrail-m' ||
        data22 === 'afl-3.0' ||
        data22 === 'artistic-2.0' ||
        data22 === 'bsl-1.0' ||
        data22 === 'bsd' ||
        data22 === 'bsd-2-clause' ||
        data22 === 'bsd-3-clause' ||
        data22 === 'bsd-3-clause-clear' ||
        data22 === 'c-uda' ||
        data22 === 'cc' ||
        data22 === 'cc0-1.0' ||
        data22 === 'cc-by-2.0' ||
        data22 === 'cc-by-2.5' ||
        data22 === 'cc-by-3.0' ||
        data22 === 'cc-by-4.0' ||
        data22 === 'cc-by-sa-3.0' ||
        data22 === 'cc-by-sa-4.0' ||
        data22 === 'cc-by-nc-2.0' ||
        data22 === 'cc-by-nc-3.0' ||
        data22 === 'cc-by-nc-4.0' ||
        data22 === 'cc-by-nd-4.0' ||
        data22 === 'cc-by-nc-nd-3.0' ||
        data22 === 'cc-by-nc-nd-4.0' ||
        data22 === 'cc-by-nc-sa-2.0' ||
        data22 === 'cc-by-nc-sa-3.0' ||
        data22 === 'cc-by-nc-sa-4.0' ||
        data22 === 'cdla-sharing-1.0' ||
        data22 === 'cdla-permissive-1.0' ||
        data22 === 'cdla-permissive-2.0' ||
        data22 === 'wtfpl' ||
        data22 === 'ecl-2.0' ||
        data22 === 'epl-1.0' ||
        data22 === 'epl-2.0' ||
        data22 === 'etalab-2.0' ||
        data22 === 'eupl-1.1' ||
        data22 === 'eupl-1.2' ||
        data22 === 'agpl-3.0' ||
        data22 === 'gfdl' ||
        data22 === 'gpl' ||
        data22 === 'gpl-2.0' ||
        data22 === 'gpl-3.0' ||
        data22 === 'lgpl' ||
        data22 === 'lgpl-2.1' ||
        data22 === 'lgpl-3.0' ||
        data22 === 'isc' ||
        data22 === 'h-research' ||
        data22 === 'intel-research' ||
        data22 === 'lppl-1.3c' ||
        data22 === 'ms-pl' ||
        data22 === 'apple-ascl' ||
        data22 === 'apple-amlr' ||
        data22 === 'mpl-2.0' ||
        data22 === 'odc-by' ||
        data22 === 'odbl' ||
        data22 === 'openmdw-1.0' ||
        data22 === 'openmdw-1.1' ||
        data22 === 'openrail++' ||
        data22 === 'osl-3.0' ||
        data22 === 'postgresql' ||
        data22 === 'ofl-1.1' ||
        data22 === 'ncsa' ||
        data22 === 'unlicense' ||
        data22 === 'zlib' ||
        data22 === 'pddl' ||
        data22 === 'lgpl-lr' ||
        data22 === 'deepfloyd-if-license' ||
        data22 === 'fair-noncommercial-research-license' ||
        data22 === 'llama2' ||
        data22 === 'llama3' ||
        data22 === 'llama3.1' ||
        data22 === 'llama3.2' ||
        data22 === 'llama3.3' ||
        data22 === 'llama4' ||
        data22 === 'grok2-community' ||
        data22 === 'gemma' ||
        data22 === 'unknown' ||
        data22 === 'other'
      )) {
        const err34 = {
          instancePath: instancePath + '/license',
          schemaPath: '#/properties/license/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.license.enum },
        }
        if (vErrors === null) {
          vErrors = [err34]
        } else {
          vErrors.push(err34)
        }
        errors++
      }
    }
    if (data.hf_oauth !== undefined) {
      if (typeof data.hf_oauth !== 'boolean') {
        const err35 = {
          instancePath: instancePath + '/hf_oauth',
          schemaPath: '#/properties/hf_oauth/type',
          keyword: 'type',
          params: { type: 'boolean' },
        }
        if (vErrors === null) {
          vErrors = [err35]
        } else {
          vErrors.push(err35)
        }
        errors++
      }
    }
    if (data.hf_oauth_scopes !== undefined) {
      let data24 = data.hf_oauth_scopes
      if (Array.isArray(data24)) {
        const len3 = data24.length
        for (let i3 = 0; i3 < len3; i3++) {
          let data25 = data24[i3]
          if (!(
            data25 === 'email' ||
            data25 === 'read-billing' ||
            data25 === 'read-memberships' ||
            data25 === 'read-repos' ||
            data25 === 'gated-repos' ||
            data25 === 'contribute-repos' ||
            data25 === 'write-repos' ||
            data25 === 'manage-repos' ||
            data25 === 'read-collections' ||
            data25 === 'write-collections' ||
            data25 === 'inference-api' ||
            data25 === 'read-endpoints' ||
            data25 === 'write-endpoints' ||
            data25 === 'jobs' ||
            data25 === 'webhooks' ||
            data25 === 'write-discussions'
          )) {
            const err36 = {
              instancePath: instancePath + '/hf_oauth_scopes/' + i3,
              schemaPath: '#/properties/hf_oauth_scopes/items/enum',
              keyword: 'enum',
              params: { allowedValues: schema11.properties.hf_oauth_scopes.items.enum },
            }
            if (vErrors === null) {
              vErrors = [err36]
            } else {
              vErrors.push(err36)
            }
            errors++
          }
        }
      } else {
        const err37 = {
          instancePath: instancePath + '/hf_oauth_scopes',
          schemaPath: '#/properties/hf_oauth_scopes/type',
          keyword: 'type',
          params: { type: 'array' },
        }
        if (vErrors === null) {
          vErrors = [err37]
        } else {
          vErrors.push(err37)
        }
        errors++
      }
    }
    if (data.hf_oauth_expiration_minutes !== undefined) {
      let data26 = data.hf_oauth_expiration_minutes
      if (!(typeof data26 == 'number' && !(data26 % 1) && !isNaN(data26))) {
        const err38 = {
          instancePath: instancePath + '/hf_oauth_expiration_minutes',
          schemaPath: '#/properties/hf_oauth_expiration_minutes/type',
          keyword: 'type',
          params: { type: 'integer' },
        }
        if (vErrors === null) {
          vErrors = [err38]
        } else {
          vErrors.push(err38)
        }
        errors++
      }
      if (typeof data26 == 'number') {
        if (data26 > 43200 || isNaN(data26)) {
          const err39 = {
            instancePath: instancePath + '/hf_oauth_expiration_minutes',
            schemaPath: '#/properties/hf_oauth_expiration_minutes/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 43200 },
          }
          if (vErrors === null) {
            vErrors = [err39]
          } else {
            vErrors.push(err39)
          }
          errors++
        }
        if (data26 < 1 || isNaN(data26)) {
          const err40 = {
            instancePath: instancePath + '/hf_oauth_expiration_minutes',
            schemaPath: '#/properties/hf_oauth_expiration_minutes/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 1 },
          }
          if (vErrors === null) {
            vErrors = [err40]
          } else {
            vErrors.push(err40)
          }
          errors++
        }
      }
    }
    if (data.hf_oauth_authorized_org !== undefined) {
      let data27 = data.hf_oauth_authorized_org
      if (typeof data27 !== 'string' && !Array.isArray(data27)) {
        const err41 = {
          instancePath: instancePath + '/hf_oauth_authorized_org',
          schemaPath: '#/properties/hf_oauth_authorized_org/type',
          keyword: 'type',
          params: { type: schema11.properties.hf_oauth_authorized_org.type },
        }
        if (vErrors === null) {
          vErrors = [err41]
        } else {
          vErrors.push(err41)
        }
        errors++
      }
      if (Array.isArray(data27)) {
        const len4 = data27.length
        for (let i4 = 0; i4 < len4; i4++) {
          if (typeof data27[i4] !== 'string') {
            const err42 = {
              instancePath: instancePath + '/hf_oauth_authorized_org/' + i4,
              schemaPath: '#/properties/hf_oauth_authorized_org/items/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err42]
            } else {
              vErrors.push(err42)
            }
            errors++
          }
        }
      }
    }
    if (data.disable_embedding !== undefined) {
      if (typeof data.disable_embedding !== 'boolean') {
        const err43 = {
          instancePath: instancePath + '/disable_embedding',
          schemaPath: '#/properties/disable_embedding/type',
          keyword: 'type',
          params: { type: 'boolean' },
        }
        if (vErrors === null) {
          vErrors = [err43]
        } else {
          vErrors.push(err43)
        }
        errors++
      }
    }
    if (data.startup_duration_timeout !== undefined) {
      let data30 = data.startup_duration_timeout
      if (typeof data30 === 'string') {
        if (!pattern4.test(data30)) {
          const err44 = {
            instancePath: instancePath + '/startup_duration_timeout',
            schemaPath: '#/properties/startup_duration_timeout/pattern',
            keyword: 'pattern',
            params: { pattern: '^\\d+(\\.\\d+)?\\s?(ms|s|m|h|d)$' },
          }
          if (vErrors === null) {
            vErrors = [err44]
          } else {
            vErrors.push(err44)
          }
          errors++
        }
      } else {
        const err45 = {
          instancePath: instancePath + '/startup_duration_timeout',
          schemaPath: '#/properties/startup_duration_timeout/type',
          keyword: 'type',
          params: { type: 'string' },
        }
        if (vErrors === null) {
          vErrors = [err45]
        } else {
          vErrors.push(err45)
        }
        errors++
      }
    }
    if (data.suggested_hardware !== undefined) {
      let data31 = data.suggested_hardware
      if (!(
        data31 === 'cpu-basic' ||
        data31 === 'cpu-upgrade' ||
        data31 === 't4-small' ||
        data31 === 't4-medium' ||
        data31 === 'l4x1' ||
        data31 === 'l4x4' ||
        data31 === 'l40sx1' ||
        data31 === 'l40sx4' ||
        data31 === 'l40sx8' ||
        data31 === 'a10g-small' ||
        data31 === 'a10g-large' ||
        data31 === 'a10g-largex2' ||
        data31 === 'a10g-largex4' ||
        data31 === 'a100-large' ||
        data31 === 'a100x4' ||
        data31 === 'a100x8' ||
        data31 === 'zero-a10g'
      )) {
        const err46 = {
          instancePath: instancePath + '/suggested_hardware',
          schemaPath: '#/properties/suggested_hardware/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.suggested_hardware.enum },
        }
        if (vErrors === null) {
          vErrors = [err46]
        } else {
          vErrors.push(err46)
        }
        errors++
      }
    }
    if (data.suggested_storage !== undefined) {
      let data32 = data.suggested_storage
      if (!(data32 === 'small' || data32 === 'medium' || data32 === 'large')) {
        const err47 = {
          instancePath: instancePath + '/suggested_storage',
          schemaPath: '#/properties/suggested_storage/enum',
          keyword: 'enum',
          params: { allowedValues: schema11.properties.suggested_storage.enum },
        }
        if (vErrors === null) {
          vErrors = [err47]
        } else {
          vErrors.push(err47)
        }
        errors++
      }
    }
    if (data.custom_headers !== undefined) {
      let data33 = data.custom_headers
      if (data33 && typeof data33 == 'object' && !Array.isArray(data33)) {
        for (const key1 in data33) {
          if (!(
            key1 === 'cross-origin-embedder-policy' ||
            key1 === 'cross-origin-opener-policy' ||
            key1 === 'cross-origin-resource-policy'
          )) {
            const err48 = {
              instancePath: instancePath + '/custom_headers',
              schemaPath: '#/properties/custom_headers/additionalProperties',
              keyword: 'additionalProperties',
              params: { additionalProperty: key1 },
            }
            if (vErrors === null) {
              vErrors = [err48]
            } else {
              vErrors.push(err48)
            }
            errors++
          }
        }
        if (data33['cross-origin-embedder-policy'] !== undefined) {
          let data34 = data33['cross-origin-embedder-policy']
          if (typeof data34 === 'string') {
            if (!pattern5.test(data34)) {
              const err49 = {
                instancePath: instancePath + '/custom_headers/cross-origin-embedder-policy',
                schemaPath: '#/properties/custom_headers/properties/cross-origin-embedder-policy/pattern',
                keyword: 'pattern',
                params: { pattern: '^[^A-Z]+$' },
              }
              if (vErrors === null) {
                vErrors = [err49]
              } else {
                vErrors.push(err49)
              }
              errors++
            }
          } else {
            const err50 = {
              instancePath: instancePath + '/custom_headers/cross-origin-embedder-policy',
              schemaPath: '#/properties/custom_headers/properties/cross-origin-embedder-policy/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err50]
            } else {
              vErrors.push(err50)
            }
            errors++
          }
        }
        if (data33['cross-origin-opener-policy'] !== undefined) {
          let data35 = data33['cross-origin-opener-policy']
          if (typeof data35 === 'string') {
            if (!pattern5.test(data35)) {
              const err51 = {
                instancePath: instancePath + '/custom_headers/cross-origin-opener-policy',
                schemaPath: '#/properties/custom_headers/properties/cross-origin-opener-policy/pattern',
                keyword: 'pattern',
                params: { pattern: '^[^A-Z]+$' },
              }
              if (vErrors === null) {
                vErrors = [err51]
              } else {
                vErrors.push(err51)
              }
              errors++
            }
          } else {
            const err52 = {
              instancePath: instancePath + '/custom_headers/cross-origin-opener-policy',
              schemaPath: '#/properties/custom_headers/properties/cross-origin-opener-policy/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err52]
            } else {
              vErrors.push(err52)
            }
            errors++
          }
        }
        if (data33['cross-origin-resource-policy'] !== undefined) {
          let data36 = data33['cross-origin-resource-policy']
          if (typeof data36 === 'string') {
            if (!pattern5.test(data36)) {
              const err53 = {
                instancePath: instancePath + '/custom_headers/cross-origin-resource-policy',
                schemaPath: '#/properties/custom_headers/properties/cross-origin-resource-policy/pattern',
                keyword: 'pattern',
                params: { pattern: '^[^A-Z]+$' },
              }
              if (vErrors === null) {
                vErrors = [err53]
              } else {
                vErrors.push(err53)
              }
              errors++
            }
          } else {
            const err54 = {
              instancePath: instancePath + '/custom_headers/cross-origin-resource-policy',
              schemaPath: '#/properties/custom_headers/properties/cross-origin-resource-policy/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err54]
            } else {
              vErrors.push(err54)
            }
            errors++
          }
        }
      } else {
        const err55 = {
          instancePath: instancePath + '/custom_headers',
          schemaPath: '#/properties/custom_headers/type',
          keyword: 'type',
          params: { type: 'object' },
        }
        if (vErrors === null) {
          vErrors = [err55]
        } else {
          vErrors.push(err55)
        }
        errors++
      }
    }
    if (data.preload_from_hub !== undefined) {
      let data37 = data.preload_from_hub
      if (Array.isArray(data37)) {
        const len5 = data37.length
        for (let i5 = 0; i5 < len5; i5++) {
          let data38 = data37[i5]
          if (typeof data38 === 'string') {
            if (!pattern8.test(data38)) {
              const err56 = {
                instancePath: instancePath + '/preload_from_hub/' + i5,
                schemaPath: '#/properties/preload_from_hub/items/pattern',
                keyword: 'pattern',
                params: { pattern: '^\\S+( \\S+( [0-9a-f]{40})?)?$' },
              }
              if (vErrors === null) {
                vErrors = [err56]
              } else {
                vErrors.push(err56)
              }
              errors++
            }
          } else {
            const err57 = {
              instancePath: instancePath + '/preload_from_hub/' + i5,
              schemaPath: '#/properties/preload_from_hub/items/type',
              keyword: 'type',
              params: { type: 'string' },
            }
            if (vErrors === null) {
              vErrors = [err57]
            } else {
              vErrors.push(err57)
            }
            errors++
          }
        }
      } else {
        const err58 = {
          instancePath: instancePath + '/preload_from_hub',
          schemaPath: '#/properties/preload_from_hub/type',
          keyword: 'type',
          params: { type: 'array' },
        }
        if (vErrors === null) {
          vErrors = [err58]
        } else {
          vErrors.push(err58)
        }
        errors++
      }
    }
  } else {
    const err59 = { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'object' } }
    if (vErrors === null) {
      vErrors = [err59]
    } else {
      vErrors.push(err59)
    }
    errors++
  }
  validate10.errors = vErrors
  return errors === 0
}
