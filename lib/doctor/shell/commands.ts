import {
  parse,
  type CommandArgument,
  type CommandNode,
  type PipelineNode,
  type Statement,
  type Word,
  type WordPart,
} from 'unbash'
import type { Environment, Known } from '../environment.ts'

/** A simple command of a script, as written. */
export interface ShellCommand {
  readonly name: Word | undefined
  readonly words: readonly Word[]
  readonly assignments: readonly { readonly name: string; readonly value: Word | undefined }[]
  /** Whether the script goes on at once: `command &`. */
  readonly isBackground: boolean
  /** Whether it runs only sometimes: in `if`, in a loop, after `||`. */
  readonly isConditional: boolean
  /** Whether the script goes on where it fails. */
  readonly isTolerated: boolean
  /** Whether other commands of the script follow. */
  readonly isLast: boolean
  /** Where it stands in the script. */
  readonly offset: number
  readonly end: number
}

interface Context {
  readonly isBackground: boolean
  readonly isConditional: boolean
  readonly isTolerated: boolean
  readonly isLast: boolean
}

/** Reads a script into its simple commands, in order; nothing where it does not parse. */
export function readCommands(script: string): readonly ShellCommand[] | undefined {
  const { commands, errors } = parse(script)
  if (errors?.length) return undefined
  const stops = /^\s*set\s+-\w*e|^#!.*\s-\w*e/m.test(script)
  return inList(
    commands,
    { isBackground: false, isConditional: false, isTolerated: false, isLast: true },
    stops,
  )
}

function inList(statements: readonly Statement[], context: Context, stops = false): ShellCommand[] {
  return statements.flatMap((statement, index) => {
    const isEnd = index === statements.length - 1
    return inNode(statement.command, {
      ...context,
      isBackground: context.isBackground || statement.background === true,
      isTolerated: context.isTolerated || statement.background === true || (!isEnd && !stops),
      isLast: context.isLast && isEnd,
    })
  })
}

function inNode(node: PipelineNode | Statement['command'], context: Context): ShellCommand[] {
  switch (node.type) {
    case 'AndOr':
      return node.commands.flatMap((each, index) => {
        const isAlternative = node.operators[index - 1] === '||'
        const isTolerated = context.isTolerated || node.operators.slice(index).includes('||')
        const isLast = context.isLast && !node.operators.slice(index).includes('&&')
        return inNode(each, {
          ...context,
          isTolerated,
          isLast,
          isConditional: context.isConditional || isAlternative,
        })
      })
    case 'Pipeline':
      return node.commands.flatMap((each, index) =>
        inNode(each, {
          ...context,
          isTolerated: context.isTolerated || index < node.commands.length - 1 || node.prefixes.length > 0,
        }),
      )
    case 'Command':
      return [
        {
          ...context,
          name: node.name,
          words: [
            ...(node.name ? [node.name] : []),
            ...node.suffix.filter((each) => each.type === 'Word' || each.type === 'Assignment').map(asWord),
          ],
          assignments: node.prefix
            .filter((each) => each.type === 'Assignment')
            .map(({ name, value }) => ({ name, value: value.type === 'Word' ? value : undefined })),
          offset: node.pos,
          end: node.end,
        },
      ]
    default:
      return inCompound(node as CommandNode, context)
  }
}

function asWord(argument: CommandArgument): Word {
  if (argument.type === 'Word') return argument
  const { text, pos, end, value, name } = argument
  return value.type === 'Word'
    ? {
        type: 'Word',
        text,
        pos,
        end,
        value: text,
        parts: [
          { type: 'Literal', pos, end, value: `${name}=`, text: `${name}=` },
          ...(value.parts ?? [{ type: 'Literal', pos, end, value: value.value, text: value.text } as const]),
        ],
      }
    : { type: 'Word', text, pos, end, value: text }
}

function inCompound(node: CommandNode, context: Context): ShellCommand[] {
  const maybe = { ...context, isConditional: true, isTolerated: true }
  switch (node.type) {
    case 'Subshell':
    case 'BraceGroup':
      return inList(node.body.commands, context)
    case 'Redirected':
      return inNode(node.command, context)
    case 'If': {
      const parts = [
        node.clause,
        node.then,
        ...node.elif.flatMap((each) => [each.clause, each.then]),
        ...(node.else ? [node.else] : []),
      ]
      return parts.flatMap(({ commands }) => inList(commands, maybe))
    }
    case 'For':
      return inList(node.body.commands, maybe)
    case 'While':
      return [node.clause, node.body].flatMap(({ commands }) => inList(commands, maybe))
    case 'Case':
      return node.items.flatMap(({ body }) => inList(body.commands, maybe))
    case 'Function':
      return 'commands' in node.body
        ? inList(node.body.commands, maybe)
        : inNode(node.body as CommandNode, maybe)
    default:
      return []
  }
}

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

function expandPart(
  part: WordPart,
  environment: Environment,
  parameters: readonly string[] | undefined,
): Known {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value
    case 'DoubleQuoted': {
      const values = part.parts.map((each) => expandPart(each, environment, parameters))
      return values.includes(undefined) ? undefined : values.map((value) => value ?? '').join('')
    }
    case 'SimpleExpansion':
      return read(part.text.slice(1), environment, parameters)
    case 'ParameterExpansion': {
      const { operation, parameter, prefix } = part
      if (prefix) return undefined
      const value = read(parameter, environment, parameters)
      if (!operation || value === undefined) return value
      if (operation.type !== 'Default') return undefined
      const operand = (): string | undefined =>
        expandWord(operation.operand, environment, parameters)?.join(' ')
      if (/[-=]$/.test(operation.operator))
        return value || (value === '' && !operation.operator.startsWith(':') ? value : operand())
      return operation.operator.endsWith('+') ? (value ? operand() : '') : value
    }
    case 'Glob':
      return part.text
    default:
      return undefined
  }
}

function read(name: string, environment: Environment, parameters: readonly string[] | undefined): Known {
  return /^\d$/.test(name)
    ? name === '0'
      ? undefined
      : parameters
        ? (parameters[Number(name) - 1] ?? null)
        : undefined
    : /^\w+$/.test(name)
      ? environment.get(name)
      : undefined
}
