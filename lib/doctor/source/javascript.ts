import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/javascript'
import type { Environment, Known } from '../environment.ts'
import {
  childrenOf,
  findAll,
  textOf,
  type Call,
  type Scope,
  type SourceServer,
  type SourceServers,
} from './syntax.ts'

const language = parser.configure({ dialect: 'ts' })

/** Finds where a JavaScript or TypeScript program listens. */
export function findJavaScriptServers(text: string, environment: Environment): SourceServers {
  const tree = language.parse(text).topNode
  const scope: Scope = { text, environment, constants: readConstants(tree, text) }
  const servers = findAll(tree, 'CallExpression').flatMap((node) => readServer(readCall(node, text), scope))
  const startsOthers = /\b(?:child_process|node:cluster|execa|worker_threads)\b/.test(text)
  return { servers, isComplete: servers.length > 0 && !startsOthers }
}

function readServer(call: Call, scope: Scope): SourceServer[] {
  const { callee, positional, offset } = call
  const [first, second] = positional
  if (/^(?:Bun|Deno)\.serve$/.test(callee) || (callee === 'serve' && /@hono\/node-server/.test(scope.text))) {
    const bun = callee.startsWith('Bun')
      ? (scope.environment.get('BUN_PORT') ?? scope.environment.get('PORT'))
      : null
    const fallback = bun === null ? (callee.startsWith('Deno') ? '8000' : '3000') : bun
    return [options(first, scope, { program: callee, port: fallback, host: '0.0.0.0', offset })]
  }
  const [, owner = ''] = /^([^]*)\.listen$/.exec(callee) ?? []
  if (!callee.endsWith('.listen') || !first || isFunction(first)) return []
  const host = isFastify(owner, scope) ? 'localhost' : '0.0.0.0'
  if (first.name === 'ObjectExpression')
    return [options(first, scope, { program: 'The app', port: undefined, host, offset })]
  const address = second && !isFunction(second) ? evaluateJavaScript(second, scope) : host
  // A second argument that is a name may be a callback as well.
  return [
    {
      program: 'The app',
      port: evaluateJavaScript(first, scope),
      host: address ?? (second && second.name === 'VariableName' ? '0.0.0.0' : address),
      offset,
    },
  ]
}

function isFunction({ name }: SyntaxNode): boolean {
  return name === 'ArrowFunction' || name === 'FunctionExpression'
}

function isFastify(owner: string, { text, constants }: Scope): boolean {
  const made = constants.get(owner)
  return made !== undefined && /^(?:await\s+)?[fF]astify\s*\(/.test(textOf(made, text))
}

/** Reads `{ port, host }`. */
function options(node: SyntaxNode | undefined, scope: Scope, otherwise: SourceServer): SourceServer {
  if (!node) return otherwise
  if (node.name !== 'ObjectExpression') return { ...otherwise, port: undefined, host: undefined }
  const properties = new Map(
    node.getChildren('Property').map((each) => {
      const [key, , value] = childrenOf(each)
      return [key ? textOf(key, scope.text).replaceAll(/["']/g, '') : '', value ?? key] as const
    }),
  )
  const read = (names: readonly string[], fallback: Known): Known => {
    const value = names.map((name) => properties.get(name)).find(Boolean)
    if (value) return evaluateJavaScript(value, scope)
    return node.getChild('Spread') || /\.\.\./.test(textOf(node, scope.text)) ? undefined : fallback
  }
  return {
    ...otherwise,
    port: read(['port'], otherwise.port),
    host: read(['host', 'hostname'], otherwise.host),
  }
}

function readCall(node: SyntaxNode, text: string): Call {
  const list = node.getChild('ArgList')
  const positional = list ? childrenOf(list).filter(({ name }) => !/^[(),]$/.test(name)) : []
  return {
    callee: textOf(node.firstChild!, text),
    positional,
    keywords: new Map(),
    isOpen: false,
    offset: node.from,
  }
}

function readConstants(tree: SyntaxNode, text: string): Map<string, SyntaxNode> {
  const constants = new Map<string, SyntaxNode>()
  const seen = new Set<string>()
  for (const node of findAll(tree, 'VariableDeclaration')) {
    const parts = childrenOf(node)
    for (const [index, part] of parts.entries()) {
      if (part.name !== 'VariableDefinition') continue
      const name = textOf(part, text)
      const equals = parts.slice(index + 1).findIndex((each) => each.name === 'Equals' || each.name === ',')
      const value = parts[index + 1 + equals]?.name === 'Equals' ? parts[index + 2 + equals] : undefined
      if (seen.has(name) || !value) constants.delete(name)
      else constants.set(name, value)
      seen.add(name)
    }
  }
  for (const node of findAll(tree, 'AssignmentExpression')) constants.delete(textOf(node.firstChild!, text))
  return constants
}

/** Evaluates an expression as far as it is plain. */
export function evaluateJavaScript(node: SyntaxNode, scope: Scope, depth = 0): Known {
  const { text, environment, constants } = scope
  const written = textOf(node, text)
  const next = (each: SyntaxNode | null | undefined): Known =>
    each && depth < 20 ? evaluateJavaScript(each, scope, depth + 1) : undefined
  switch (node.name) {
    case 'Number':
      return written.replaceAll('_', '')
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
    case 'UnaryExpression':
      return written.startsWith('+') ? next(childrenOf(node)[1]) : undefined
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node)
      const sign = operator ? textOf(operator, text) : ''
      if (sign !== '||' && sign !== '??') return undefined
      const value = next(left)
      return value === undefined ? undefined : sign === '??' ? (value ?? next(right)) : value || next(right)
    }
    case 'MemberExpression': {
      const match = /^(?:process|Bun)\.env(?:\.(\w+)|\[(["'])(\w+)\2\])!?$/.exec(written)
      return match ? environment.get(match[1] ?? match[3]!) : undefined
    }
    case 'CallExpression': {
      const { callee, positional } = readCall(node, text)
      return /^(?:Number\.)?parseInt$|^Number$|^String$/.test(callee) ? next(positional[0]) : undefined
    }
    default:
      return undefined
  }
}
