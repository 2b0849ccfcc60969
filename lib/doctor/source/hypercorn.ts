import type { SyntaxNode } from '@lezer/common'
import type { Known } from '../environment.ts'
import { splitAddress } from '../start/listening.ts'
import { evaluatePython, readCall } from './python-values.ts'
import { childrenOf, findAll, textOf, type Call, type Scope, type SourceServer } from './syntax.ts'

/** `serve(app, config)` of hypercorn: what the code binds its `Config` to; nothing for a call of something else. */
export function readHypercorn(call: Call, scope: Scope): SourceServer[] | undefined {
  const { callee, positional, keywords, offset } = call
  const isServe = /^(?:hypercorn\.)?(?:(?:asyncio|trio)\.)?serve$/.test(callee)
  if (!isServe || !/^\s*(?:import|from)\s+hypercorn\b/m.test(scope.text)) return undefined
  const given = keywords.get('config') ?? positional[1]
  const binds = (given && bindsOf(given, offset, scope)) ?? [undefined]
  return binds.map((bind) => {
    const address = bind ? splitAddress(bind) : undefined
    const host = address && (address.host || '0.0.0.0')
    return { program: 'hypercorn', port: address && (address.port ?? '8000'), host, offset }
  })
}

/**
 * The addresses of a `Config`; nothing where they cannot be known.
 *
 * @param offset - where the call is that takes it.
 */
function bindsOf(given: SyntaxNode, offset: number, scope: Scope): readonly Known[] | undefined {
  const { text, tree, constants } = scope
  const name = given.name === 'VariableName' ? textOf(given, text) : undefined
  const made = name === undefined ? given : constants.get(name)
  if (made?.name !== 'CallExpression' || (name && isUsedElsewhere(name, offset, scope))) return undefined
  const start = bindsOfMaker(readCall(made, text), scope)
  const changes = findAll(tree, 'AssignStatement').filter((node) =>
    new RegExp(`^${name}\\.(?:\\w+_)?bind$`).test(textOf(node.firstChild!, text)),
  )
  if (start === undefined || changes.length === 0) return start
  const [change] = changes
  const isPlain = changes.length === 1 && textOf(change!.firstChild!, text) === `${name}.bind`
  return isPlain ? listOf(change!.lastChild!, scope) : undefined
}

/** Whether a name is more than made, given attributes, and handed to the call at an offset. */
function isUsedElsewhere(name: string, offset: number, { text, tree }: Scope): boolean {
  const isTarget = (node: SyntaxNode): boolean =>
    node.parent?.name === 'AssignStatement' && node.parent.firstChild!.from === node.from
  const uses = findAll(tree, 'VariableName').filter((node) => textOf(node, text) === name)
  return uses.some((node) => {
    const { parent } = node
    if (!parent || parent.name === 'ImportStatement' || isTarget(node)) return false
    return parent.name === 'MemberExpression' ? !isTarget(parent) : parent.parent?.from !== offset
  })
}

/** `Config()`, `Config.from_mapping({ "bind": … })`, `Config.from_mapping(bind=…)` */
function bindsOfMaker(
  { callee, positional, keywords, isOpen }: Call,
  scope: Scope,
): readonly Known[] | undefined {
  const maker = /^(?:hypercorn\.)?(?:config\.)?Config(\.from_mapping)?$/.exec(callee)
  if (!maker || isOpen) return undefined
  const pairs = positional[0] ? pairsOf(positional[0], scope) : new Map<string, SyntaxNode>()
  const all = new Map([...(pairs ?? []), ...keywords])
  if (!pairs || [...all.keys()].some((key) => key.endsWith('_bind'))) return undefined
  const bind = maker[1] === undefined ? undefined : all.get('bind')
  return bind ? listOf(bind, scope) : ['127.0.0.1:8000']
}

function pairsOf(node: SyntaxNode, scope: Scope): Map<string, SyntaxNode> | undefined {
  if (node.name !== 'DictionaryExpression') return undefined
  const parts = childrenOf(node).filter(({ name }) => !/^[{}:,]$/.test(name))
  const keys = parts.filter((_, index) => index % 2 === 0).map((key) => evaluatePython(key, scope))
  if (!keys.every((key) => typeof key === 'string')) return undefined
  return new Map(keys.map((key, index) => [key, parts[index * 2 + 1]!]))
}

/** A text, or a list of texts. */
function listOf(node: SyntaxNode, scope: Scope): readonly Known[] {
  if (node.name !== 'ArrayExpression') return [evaluatePython(node, scope)]
  return childrenOf(node)
    .filter(({ name }) => !/^[[\],]$/.test(name))
    .map((each) => evaluatePython(each, scope))
}
