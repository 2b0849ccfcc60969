import { closest } from '../closest.ts'
import type { MetadataError } from './validate-metadata.ts'

/** 'MIT License' is mit. */
export function meant(value: unknown, allowed: readonly string[]): string | undefined {
  return closest(String(value).replace(/\s*licen[cs]e$/i, ''), allowed)
}

/** What each rule of JSON Schema means to a person. */
const rules: Readonly<
  Record<string, (params: MetadataError['params'], value: unknown) => { why: string; cure: string }>
> = {
  type: ({ type }, value) => ({
    why: `must be ${typeNames[String(type)]}`,
    cure:
      type === 'string' && typeof value === 'number'
        ? `Put it in quotes: "${value === 3.1 ? '3.10' : value}".`
        : 'Correct the value.',
  }),
  enum: ({ allowedValues }, value) => {
    const allowed = allowedValues as readonly string[]
    const name = meant(value, allowed)
    const list = allowed.length > 20 ? 'one of the ids that the Hub lists' : `one of ${allowed.join(', ')}`
    return { why: `must be ${list}`, cure: name ? `Write ${name}.` : `Choose ${list}.` }
  },
  maxLength: ({ limit }, value) => ({
    why: `is ${String(value).length} characters long, and may be ${String(limit)}: the push would be refused`,
    cure: `Shorten it to ${String(limit)} characters.`,
  }),
  minLength: () => ({ why: 'is empty', cure: 'Give it a text.' }),
  minimum: ({ limit }) => ({ why: `must be at least ${String(limit)}`, cure: 'Correct the number.' }),
  maximum: ({ limit }) => ({ why: `must be at most ${String(limit)}`, cure: 'Correct the number.' }),
  additionalProperties: ({ additionalProperty }) => ({
    why: `may not hold ${String(additionalProperty)}`,
    cure: 'Remove it: only the three cross-origin headers can be set here, in lower case.',
  }),
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  'string,array': 'a text or a list',
}

/** What each pattern asks for. */
const patterns: Readonly<Record<string, string>> = {
  emoji: 'one emoji',
  python_version: 'a version such as "3.12"',
  base_path: 'a path that begins with /',
  thumbnail: 'an address that begins with https://',
  startup_duration_timeout: 'a time such as 30m or 1h',
  custom_headers: 'in lower case',
  preload_from_hub: 'a list of "repository", "repository file" or "repository file revision"',
}

/** What is wrong with the value of a field, and what to do about it. */
export function explain(
  { keyword, params }: MetadataError,
  field: string,
  value: unknown,
): { why: string; cure: string } {
  const wanted = patterns[field] ?? ''
  if (keyword === 'pattern') return { why: `must be ${wanted}`, cure: `Write ${wanted}.` }
  if (field === 'sdk' && value === 'streamlit') {
    return {
      why: 'must be one of docker, gradio, static: streamlit was removed',
      cure: 'Write docker, and run Streamlit in the Dockerfile.',
    }
  }
  return rules[keyword]!(params, value)
}
