import type { SyntaxNode } from '@lezer/common'
import type { Known } from '../environment.ts'
import { childrenOf, findAll, textOf, type Call, type Scope } from './syntax.ts'

/** Reads a call and its arguments. */
export function readCall(node: SyntaxNode, text: string): Call {
  const list = node.getChild('ArgList')
  const positional = list ? childrenOf(list).filter(({ name }) => !/^[(),]$/.test(name)) : []
  const callee = textOf(node.firstChild!, text)
  return { callee, positional, keywords: new Map(), isOpen: false, offset: node.from }
}

/** The values of names that a program assigns once; a name of a pattern has the pattern as its value. */
export function readConstants(tree: SyntaxNode, text: string): Map<string, SyntaxNode> {
  const constants = new Map<string, SyntaxNode>()
  const seen = new Set<string>()
  const set = (name: string, value: SyntaxNode | undefined): void => {
    if (seen.has(name) || !value) constants.delete(name)
    else constants.set(name, value)
    seen.add(name)
  }
  for (const node of findAll(tree, 'VariableDeclaration')) {
    const parts = childrenOf(node)
    for (const [index, part] of parts.entries()) {
      if (part.name === 'VariableDefinition') {
        const equals = parts.slice(index + 1).findIndex((each) => each.name === 'Equals' || each.name === ',')
        const value = parts[index + 1 + equals]?.name === 'Equals' ? parts[index + 2 + equals] : undefined
        set(textOf(part, text), value)
      } else if (
        part.name === 'ObjectPattern' &&
        /^process\.env$/.test(textOf(parts[index + 2] ?? part, text))
      ) {
        for (const property of part.getChildren('PatternProperty')) set(nameIn(property, text), property)
      }
    }
  }
  for (const node of findAll(tree, 'AssignmentExpression')) constants.delete(textOf(node.firstChild!, text))
  return constants
}

/** The name that a property of a pattern is given: `PORT` in `{ PORT = 3000 }`, `port` in `{ PORT: port }`. */
function nameIn(property: SyntaxNode, text: string): string {
  return textOf(property.getChild('VariableDefinition') ?? property.firstChild!, text)
}

/** Evaluates an expression as far as it is plain. */
export function evaluateJavaScript(node: SyntaxNode, scope: Scope, depth = 0): Known {
  const { text, environment, constants } = scope
  const written = textOf(node, text)
  const next = (each: SyntaxNode | null | undefined): Known =>
    each && depth < 20 ? evaluateJavaScript(each, scope, depth + 1) : undefined
  switch (node.name) {
    case 'Number':
      return String(Number(written.replaceAll('_', '')))
    case 'String':
      return /^(["'])([^\\]*)\1$/.exec(written)?.[2]
    case 'TemplateString':
      return /^`([^$\\]*)`$/.exec(written)?.[1]
    case 'ParenthesizedExpression':
      return next(childrenOf(node)[1])
    case 'VariableName':
      return written === 'undefined' ? null : next(constants.get(written))
    case 'PropertyDefinition':
      return next(constants.get(written))
    case 'PatternProperty':
      return readPattern(node, scope, next)
    case 'UnaryExpression':
      return written.startsWith('+') ? next(childrenOf(node)[1]) : undefined
    case 'BinaryExpression':
      return readChoice(node, text, next)
    case 'MemberExpression': {
      const match = /^(?:process|Bun)\.env(?:\.(\w+)|\[(["'])(\w+)\2\])!?$/.exec(written)
      return match ? environment.get(match[1] ?? match[3]!) : undefined
    }
    case 'CallExpression':
      return readConversion(readCall(node, text), next)
    default:
      return undefined
  }
}

type Next = (node: SyntaxNode | null | undefined) => Known

/** `a || b`, `a ?? b` */
function readChoice(node: SyntaxNode, text: string, next: Next): Known {
  const [left, operator, right] = childrenOf(node)
  const sign = operator ? textOf(operator, text) : ''
  if (sign !== '||' && sign !== '??') return undefined
  const value = next(left)
  if (value === undefined) return undefined
  return sign === '??' ? (value ?? next(right)) : value || next(right)
}

/** `{ PORT = 3000 }` of process.env */
function readPattern(node: SyntaxNode, { text, environment }: Scope, next: Next): Known {
  const parts = childrenOf(node)
  const value = environment.get(textOf(parts[0]!, text))
  const equals = parts.findIndex(({ name }) => name === 'Equals')
  return value === null && equals !== -1 ? next(parts[equals + 1]) : value
}

/** `Number(text)`, `parseInt(text, 10)`, and what Express's generator writes. */
function readConversion({ callee, positional }: Call, next: Next): Known {
  if (!/^(?:Number\.)?parseInt$|^Number$|^String$|^normalizePort$/.test(callee)) return undefined
  const value = next(positional[0])
  const radix = positional[1] ? next(positional[1]) : '10'
  if (typeof value !== 'string' || radix === '10') return value
  return radix && /^\d+$/.test(radix) ? String(Number.parseInt(value, Number(radix))) : undefined
}
