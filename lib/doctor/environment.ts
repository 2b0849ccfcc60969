/** What is known of a variable: its value, `null` where it is certainly not set, `undefined` where nobody can know. */
export type Known = string | null | undefined

/** The variables of an image or of a process. */
export interface Environment {
  get(name: string): Known
  /** The same with one more; a value of `undefined` makes it unknown. */
  with(name: string, value: Known): Environment
}

/**
 * Makes an environment.
 *
 * @param values - what is known.
 * @param isComplete - whether every other variable is certainly not set.
 */
export function makeEnvironment(values: Readonly<Record<string, Known>>, isComplete: boolean): Environment {
  return {
    get: (name) => (Object.hasOwn(values, name) ? values[name] : isComplete ? null : undefined),
    with: (name, value) => makeEnvironment({ ...values, [name]: value }, isComplete),
  }
}

/** Variables of which nothing is known. */
export const unknownEnvironment: Environment = makeEnvironment({}, false)

/** Variables that a Space sets, to values that are not known here. */
export const platformVariables: readonly string[] = [
  ...[
    'SPACE_ID',
    'SPACE_HOST',
    'SPACE_AUTHOR_NAME',
    'SPACE_REPO_NAME',
    'SPACE_TITLE',
    'SPACE_CREATOR_USER_ID',
  ],
  ...['CPU_CORES', 'MEMORY', 'ACCELERATOR', 'SYSTEM'],
  ...['OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET', 'OAUTH_SCOPES', 'OPENID_PROVIDER_URL'],
]

/**
 * Replaces the variables of a Dockerfile's instruction: `$NAME`, `${NAME}`, `${NAME:-text}` and `${NAME:+text}`.
 *
 * @returns nothing where a variable is not known.
 */
export function expandVariables(text: string, environment: Environment): string | undefined {
  let isKnown = true
  const expanded = text.replace(
    /\\(\$)|\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})/g,
    (
      all,
      escaped: string | undefined,
      plain: string,
      braced: string,
      operator: string | undefined,
      word: string,
    ) => {
      if (escaped) return escaped
      const value = environment.get(plain ?? braced)
      if (value === undefined) isKnown = false
      if (operator?.endsWith('-')) return value || word
      if (operator?.endsWith('+')) return value ? word : ''
      return value ?? (value === null ? '' : all)
    },
  )
  return isKnown ? expanded : undefined
}
