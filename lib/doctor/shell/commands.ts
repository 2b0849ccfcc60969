import {
  parse,
  type AndOr,
  type CompoundList,
  type Pipeline,
  type CommandArgument,
  type CommandNode,
  type PipelineNode,
  type Statement,
  type Word,
} from 'unbash'
import type { Environment } from '../environment.ts'

/** A simple command of a script, as written. */
export interface ShellCommand {
  readonly name: Word | undefined
  readonly words: readonly Word[]
  readonly assignments: readonly {
    readonly name: string
    readonly value: Word | undefined
    /** `NAME+=text`. */
    readonly isAdded: boolean
  }[]
  /** Whether the script goes on at once: `command &`. */
  readonly isBackground: boolean
  /** Whether it runs only sometimes: in `if`, in a loop, after `||`. */
  readonly isConditional: boolean
  /** Whether the script goes on where it fails. */
  readonly isTolerated: boolean
  /** Whether no other command of the script follows. */
  readonly isLast: boolean
  /** Whether only its result counts: the condition of `if` or of a loop. */
  readonly isClause: boolean
  /** The function of the script in which it stands. */
  readonly inFunction: string | undefined
  /** Where it stands in the script. */
  readonly offset: number
  readonly end: number
}

interface Context {
  readonly isBackground: boolean
  readonly isConditional: boolean
  readonly isTolerated: boolean
  readonly isLast: boolean
  readonly isClause: boolean
  readonly inFunction: string | undefined
}

const start: Context = {
  isBackground: false,
  isConditional: false,
  isTolerated: false,
  isLast: true,
  isClause: false,
  inFunction: undefined,
}

/** Reads a script into its simple commands, in order; nothing where it does not parse. */
export function readCommands(script: string): readonly ShellCommand[] | undefined {
  const { commands, errors } = parse(script)
  if (errors?.length) return undefined
  const stops = /^\s*set\s+-\w*e|^#!.*\s-\w*e/m.test(script)
  return inList(commands, start, stops)
}

/** The variables that a script sets as it runs: those of its loops, and what it reads. */
export function unknownIn(script: string, environment: Environment): Environment {
  const names = [
    ...script.matchAll(/\bfor\s+(\w+)\s+in\b|\bread\s+(?:-\w+\s+)*(\w+)|\bgetopts\s+\S+\s+(\w+)/g),
  ]
  return names.reduce((known, match) => known.with(match.slice(1).find(Boolean)!, undefined), environment)
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
  if (node.type === 'AndOr') return inAndOr(node, context)
  if (node.type === 'Pipeline') return inPipeline(node, context)
  if (node.type !== 'Command') return inCompound(node, context)
  const { name, suffix, prefix, pos: offset, end } = node
  const words = suffix.filter((each) => each.type === 'Word' || each.type === 'Assignment').map(asWord)
  const assignments = prefix
    .filter((each) => each.type === 'Assignment')
    .map((each) => ({
      name: each.name,
      value: each.value.type === 'Word' ? each.value : undefined,
      isAdded: each.append === true,
    }))
  return [{ ...context, name, words: [...(name ? [name] : []), ...words], assignments, offset, end }]
}

function inAndOr({ commands, operators }: AndOr, context: Context): ShellCommand[] {
  return commands.flatMap((each, index) => {
    const after = operators.slice(index)
    return inNode(each, {
      ...context,
      isTolerated: context.isTolerated || after.includes('||'),
      isLast: context.isLast && !after.includes('&&'),
      isConditional: context.isConditional || operators[index - 1] === '||',
    })
  })
}

function inPipeline({ commands, prefixes }: Pipeline, context: Context): ShellCommand[] {
  return commands.flatMap((each, index) => {
    const isTolerated = context.isTolerated || index < commands.length - 1 || prefixes.length > 0
    return inNode(each, { ...context, isTolerated })
  })
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
  const list = ({ commands }: CompoundList, inside: Context = maybe): ShellCommand[] =>
    inList(commands, inside)
  const clause = (each: CompoundList): ShellCommand[] => list(each, { ...maybe, isClause: true })
  if (node.type === 'Subshell' || node.type === 'BraceGroup') return inList(node.body.commands, context)
  if (node.type === 'Redirected') return inNode(node.command, context)
  if (node.type === 'For' || node.type === 'ArithmeticFor' || node.type === 'Select') return list(node.body)
  if (node.type === 'While') return [...clause(node.clause), ...list(node.body)]
  if (node.type === 'Case') return node.items.flatMap(({ body }) => list(body))
  if (node.type === 'Function') {
    const inside = { ...maybe, inFunction: node.name.value }
    return 'commands' in node.body ? list(node.body, inside) : inNode(node.body, inside)
  }
  if (node.type !== 'If') return []
  const branches = [node, ...node.elif].flatMap((each) => [...clause(each.clause), ...list(each.then)])
  return [...branches, ...(node.else ? list(node.else) : [])]
}
