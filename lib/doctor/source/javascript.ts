import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/javascript'
import type { Environment, Known } from '../environment.ts'
import { evaluateJavaScript, readCall, readConstants } from './javascript-values.ts'
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

/**
 * Finds where a JavaScript or TypeScript program listens.
 *
 * @param runtime - the program that runs it, such as `bun`.
 */
export function findJavaScriptServers(
  text: string,
  environment: Environment,
  runtime = 'node',
): SourceServers {
  const tree = language.parse(text).topNode
  const scope: Scope = { text, tree, environment, constants: readConstants(tree, text) }
  const servers = findAll(tree, 'CallExpression').flatMap((node) => readServer(readCall(node, text), scope))
  if (runtime === 'bun') servers.push(...readDefaultExport(tree, scope))
  const startsOthers = /\b(?:child_process|node:cluster|execa|worker_threads)\b/.test(text)
  return { servers, isComplete: servers.length > 0 && !startsOthers }
}

function readServer(call: Call, scope: Scope): SourceServer[] {
  const { callee, positional, offset } = call
  const [first, second] = positional
  const isHono = callee === 'serve' && /@hono\/node-server/.test(scope.text)
  if (isHono || /^(?:Bun|Deno)\.serve$/.test(callee)) {
    const port = callee.startsWith('Deno') ? '8000' : isHono ? '3000' : bunPort(scope)
    return [options(first, scope, { program: callee, port, host: '0.0.0.0', offset })]
  }
  // What it says beside `host` goes before it.
  const isHapi = /^[hH]api\.[sS]erver$/.test(callee) && !/\baddress\b/.test(scope.text)
  if (isHapi) return [options(first, scope, { program: 'The app', port: undefined, host: '0.0.0.0', offset })]
  const [, owner = ''] = /^([^]*)\.listen$/.exec(callee) ?? []
  if (!callee.endsWith('.listen') || !first || isFunction(first)) return []
  const host = isFastify(owner, scope) ? 'localhost' : '0.0.0.0'
  if (first.name === 'ObjectExpression')
    return [options(first, scope, { program: 'The app', port: undefined, host, offset })]
  const address = second && !isFunction(second) ? evaluateJavaScript(second, scope) : host
  // A second argument that is a name may be a callback as well.
  const isCallback = address === undefined && second?.name === 'VariableName'
  const port = evaluateJavaScript(first, scope)
  return [{ program: 'The app', port, host: isCallback ? '0.0.0.0' : address, offset }]
}

function bunPort({ environment }: Scope): Known {
  const values = ['BUN_PORT', 'PORT', 'NODE_PORT'].map((name) => environment.get(name))
  return values.includes(undefined) ? undefined : (values.find(Boolean) ?? '3000')
}

/** `export default { port, fetch }`, which Bun serves. */
function readDefaultExport(tree: SyntaxNode, scope: Scope): SourceServer[] {
  const exported = tree
    .getChildren('ExportDeclaration')
    .find((each) => each.getChild('default') && each.getChild('ObjectExpression'))
  const object = exported?.getChild('ObjectExpression')
  if (!object || !/\bfetch\b/.test(textOf(object, scope.text))) return []
  const otherwise = { program: 'Bun', port: bunPort(scope), host: '0.0.0.0', offset: object.from }
  return [options(object, scope, otherwise)]
}

function isFunction({ name }: SyntaxNode): boolean {
  return name === 'ArrowFunction' || name === 'FunctionExpression'
}

/** Fastify listens on localhost unless it is told a host, also below NestJS (its documentation, "Performance (Fastify)"). */
function isFastify(owner: string, { text, constants }: Scope): boolean {
  const made = constants.get(owner)
  if (made === undefined) return false
  const written = textOf(made, text)
  const named =
    /\bimport\s+(\w+)\s+from\s+['"]fastify['"]|\b(\w+)\s*=\s*require\(\s*['"]fastify['"]\s*\)\s*(?!\()/.exec(
      text,
    )
  const [, called] = /^(?:await\s+)?(\w+)\s*(?:<[^()]*>)?\(/.exec(written) ?? []
  return (
    /^[fF]astify$/.test(called ?? '') ||
    (called !== undefined && (called === named?.[1] || called === named?.[2])) ||
    /^require\(\s*['"]fastify['"]\s*\)\s*\(/.test(written) ||
    /^await\s+NestFactory\.create\b[^]*\bnew\s+FastifyAdapter\(/.test(written)
  )
}

/** Reads `{ port, host }`. */
function options(node: SyntaxNode | undefined, scope: Scope, otherwise: SourceServer): SourceServer {
  const { text, constants } = scope
  const given = node?.name === 'VariableName' ? constants.get(textOf(node, text)) : node
  if (!node || (given && (isFunction(given) || given.name === 'NewExpression'))) return otherwise
  if (given?.name !== 'ObjectExpression') return { ...otherwise, port: undefined, host: undefined }
  const properties = new Map(
    given.getChildren('Property').map((each) => {
      const [key, , value] = childrenOf(each)
      return [textOf(key!, text).replaceAll(/["']/g, ''), value ?? key] as const
    }),
  )
  const read = (names: readonly string[], fallback: Known): Known => {
    const value = names.map((name) => properties.get(name)).find(Boolean)
    if (value) return evaluateJavaScript(value, scope)
    return textOf(given, text).includes('...') ? undefined : fallback
  }
  return {
    ...otherwise,
    port: read(['port'], otherwise.port),
    host: read(['host', 'hostname'], otherwise.host),
  }
}
