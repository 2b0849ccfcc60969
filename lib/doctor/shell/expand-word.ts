import type { ParameterExpansionPart, Word, WordPart } from 'unbash'
import type { Environment, Known } from '../environment.ts'

/**
 * Expands a word as a shell does.
 *
 * @param parameters - what `$@`, `$1` and so on stand for; nothing where it is not known.
 * @returns the words that it becomes: none where it is an unset variable without quotes; `undefined` where it cannot be known.
 */
export function expandWord(
  word: Word,
  environment: Environment,
  parameters?: readonly string[],
): readonly string[] | undefined {
  if (/^"?\$[@*]"?$/.test(word.text)) return parameters
  const parts = word.parts ?? [{ type: 'Literal', value: word.value } as WordPart]
  let text = ''
  for (const part of parts) {
    const value = expandPart(part, environment, parameters)
    if (value === undefined) return undefined
    text += value ?? ''
  }
  if (parts.every(({ type }) => type.endsWith('Expansion')) && word.parts)
    return text.split(/\s+/).filter(Boolean)
  return [text]
}

/** What `: "${NAME:=text}"` leaves set, for each variable in a word. */
export function assignDefaults(
  { parts = [] }: Pick<Word, 'parts'>,
  environment: Environment,
  parameters?: readonly string[],
): Environment {
  return parts.reduce((known: Environment, part): Environment => {
    if (part.type === 'DoubleQuoted') return assignDefaults({ parts: [...part.parts] }, known, parameters)
    const isDefault = part.type === 'ParameterExpansion' && part.operation?.type === 'Default'
    if (!isDefault || !part.operation.operator.endsWith('=')) return known
    return known.with(part.parameter, expandParameter(part, known, parameters))
  }, environment)
}

function expandPart(
  part: WordPart,
  environment: Environment,
  parameters: readonly string[] | undefined,
): Known {
  if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted')
    return part.value
  if (part.type === 'Glob') return part.text
  if (part.type === 'SimpleExpansion') return read(part.text.slice(1), environment, parameters)
  if (part.type === 'ParameterExpansion') return expandParameter(part, environment, parameters)
  if (part.type !== 'DoubleQuoted') return undefined
  const values = part.parts.map((each) => expandPart(each, environment, parameters))
  return values.includes(undefined) ? undefined : values.map((value) => value ?? '').join('')
}

/** `${NAME}`, `${NAME:-text}`, `${NAME:+text}`; what is cut or replaced is not followed. */
function expandParameter(
  { operation, parameter, prefix }: ParameterExpansionPart,
  environment: Environment,
  parameters: readonly string[] | undefined,
): Known {
  const value = prefix ? undefined : read(parameter, environment, parameters)
  if (!operation || value === undefined) return value
  if (operation.type !== 'Default') return undefined
  const operand = (): string | undefined => expandWord(operation.operand, environment, parameters)?.join(' ')
  const isSet = value !== null && (value !== '' || !operation.operator.startsWith(':'))
  if (/[-=]$/.test(operation.operator)) return isSet ? value : operand()
  return operation.operator.endsWith('+') ? (isSet ? operand() : '') : value
}

function read(name: string, environment: Environment, parameters: readonly string[] | undefined): Known {
  if (name === '0' || !/^\w+$/.test(name)) return undefined
  if (!/^\d$/.test(name)) return environment.get(name)
  return parameters && (parameters[Number(name) - 1] ?? null)
}
