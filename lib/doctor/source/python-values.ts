import type { SyntaxNode } from '@lezer/common'
import type { Environment, Known } from '../environment.ts'
import { findAllFlags } from '../shell/flags.ts'
import { childrenOf, findAll, textOf, type Call, type Scope } from './syntax.ts'

/** Reads a call and its arguments. */
export function readCall(node: SyntaxNode, text: string): Call {
  const list = node.getChild('ArgList')
  const positional: SyntaxNode[] = []
  const keywords = new Map<string, SyntaxNode>()
  let isOpen = false
  const parts = list ? childrenOf(list).filter(({ name }) => name !== '(' && name !== ')') : []
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!
    if (part.name === ',') continue
    if (textOf(part, text).startsWith('*')) {
      isOpen = true
      index += 1
    } else if (parts[index + 1]?.name === 'AssignOp' && parts[index + 2]) {
      keywords.set(textOf(part, text), parts[index + 2]!)
      index += 2
    } else positional.push(part)
  }
  return { callee: textOf(node.firstChild!, text), positional, keywords, isOpen, offset: node.from }
}

/** The values of names that a module assigns once. */
export function readConstants(tree: SyntaxNode, text: string): Map<string, SyntaxNode> {
  const constants = new Map<string, SyntaxNode>()
  const seen = new Set<string>()
  for (const node of findAll(tree, 'AssignStatement')) {
    const children = childrenOf(node)
    const name = children[0]?.name === 'VariableName' ? textOf(children[0], text) : undefined
    if (name === undefined) continue
    const isPlain =
      children.some((child) => child.name === 'AssignOp' && textOf(child, text) === '=') &&
      !children.some((child) => child.name === ',')
    if (seen.has(name) || !isPlain) constants.delete(name)
    else constants.set(name, children.at(-1)!)
    seen.add(name)
  }
  // A parameter of the same name hides it.
  for (const list of findAll(tree, 'ParamList')) {
    for (const child of childrenOf(list)) constants.delete(textOf(child, text))
  }
  return constants
}

/** Evaluates an expression as far as it is plain: `null` for None or an unset variable, nothing for what is not. */
export function evaluatePython(node: SyntaxNode, scope: Scope, depth = 0): Known {
  const { text, environment, constants } = scope
  const written = textOf(node, text)
  const next = (each: SyntaxNode | null | undefined): Known =>
    each && depth < 20 ? evaluatePython(each, scope, depth + 1) : undefined
  switch (node.name) {
    case 'Number':
      return String(Number(written.replaceAll('_', '')))
    case 'String':
      return readString(written)
    case 'FormatString':
      return readFormat(node, scope, next)
    case 'Boolean':
      return written
    case 'None':
      return null
    case 'ParenthesizedExpression':
      return next(childrenOf(node)[1])
    case 'VariableName':
      return next(constants.get(written))
    case 'BinaryExpression':
      return readOperation(node, text, next)
    case 'MemberExpression': {
      const name = /^(?:os\.)?environ\[\s*(["'])(\w+)\1\s*\]$/.exec(written)?.[2]
      return name ? environment.get(name) : readArgument(written, scope, next)
    }
    case 'CallExpression':
      return evaluateCall(readCall(node, text), environment, next)
    default:
      return undefined
  }
}

/** `a or b`, `"0.0.0.0:" + port` */
function readOperation(node: SyntaxNode, text: string, next: (node: SyntaxNode | undefined) => Known): Known {
  const [left, operator, right] = childrenOf(node)
  const sign = operator && textOf(operator, text)
  const value = next(left)
  if (sign === 'or') return value === undefined ? undefined : value || next(right)
  const end = sign === '+' && isText(node, text) ? next(right) : undefined
  return typeof value === 'string' && typeof end === 'string' ? value + end : undefined
}

/** Whether a sum is certainly one of texts, not of numbers. */
function isText(node: SyntaxNode, text: string): boolean {
  if (node.name === 'BinaryExpression') return childrenOf(node).some((part) => isText(part, text))
  return node.name.endsWith('String') || textOf(node, text).startsWith('str(')
}

function evaluateCall(
  { callee, positional, keywords }: Call,
  environment: Environment,
  next: (node: SyntaxNode | undefined) => Known,
): Known {
  if (callee === 'int' && positional.length > 1) return undefined
  if (callee === 'int' || callee === 'str') return next(positional[0])
  if (!/^(?:os\.)?(?:environ\.get|getenv)$/.test(callee)) return undefined
  const name = next(positional[0])
  const value = name ? environment.get(name) : undefined
  const otherwise = positional[1] ?? keywords.get('default')
  return value === null ? (otherwise ? next(otherwise) : null) : value
}

function readString(written: string): string | undefined {
  const match = /^[rRbBuU]?("""|'''|"|')([^]*)\1$/.exec(written)
  return match && !match[2]!.includes('\\') ? match[2] : undefined
}

/** `f"0.0.0.0:{PORT}"` */
function readFormat(
  node: SyntaxNode,
  { text }: Scope,
  next: (node: SyntaxNode | undefined) => Known,
): string | undefined {
  let written = textOf(node, text)
  for (const part of findAll(node, 'FormatReplacement').toReversed()) {
    const value = next(childrenOf(part)[1])
    if (value === undefined || value === null || childrenOf(part).length > 3) return undefined
    written = written.slice(0, part.from - node.from) + value + written.slice(part.to - node.from)
  }
  return readString(written.slice(1))
}

/** `args.port`, as argparse reads it: the command line, else its default. */
function readArgument(
  written: string,
  { text, constants, args, tree }: Scope,
  next: (node: SyntaxNode | undefined) => Known,
): Known {
  const [, owner = '', name] = /^(\w+)\.(\w+)$/.exec(written) ?? []
  const made = constants.get(owner)
  if (!args || !made || !/^\w+\.parse_args\(\s*\)$/.test(textOf(made, text))) return undefined
  const options = findAll(tree, 'CallExpression').map((node) => readCall(node, text))
  for (const { callee, positional, keywords } of options) {
    const flags = positional.map((each) => next(each)).filter((each) => typeof each === 'string')
    const long = flags
      .find((each) => each.startsWith('--'))
      ?.slice(2)
      .replaceAll('-', '_')
    const target = keywords.get('dest') ? next(keywords.get('dest')) : long
    if (!callee.endsWith('.add_argument') || target !== name) continue
    if (args.includes(undefined) || keywords.has('action')) return undefined
    const given = findAllFlags(args, flags).at(-1)
    if (given !== undefined) return given ?? undefined
    return keywords.get('default') ? next(keywords.get('default')) : null
  }
  return undefined
}
