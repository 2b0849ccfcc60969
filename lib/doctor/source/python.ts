import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import type { Environment, Known } from '../environment.ts'
import { readHypercorn } from './hypercorn.ts'
import { calls, frameworks, gradio, waitress, type Kind } from './python-kinds.ts'
import { evaluatePython, readCall, readConstants } from './python-values.ts'
import {
  childrenOf,
  findAll,
  textOf,
  type Call,
  type Scope,
  type SourceServer,
  type SourceServers,
} from './syntax.ts'

/**
 * Finds where a Python program listens.
 *
 * @param args - the words of its command line; nothing where they are not known.
 */
export function findPythonServers(
  text: string,
  environment: Environment,
  args?: readonly (string | undefined)[],
): SourceServers {
  const tree = parser.parse(text).topNode
  const scope: Scope = { text, tree, environment, args, constants: readConstants(tree, text) }
  const servers = findAll(tree, 'CallExpression')
    .filter((node) => !isLeftAlone(node, text))
    .flatMap((node) => readServer(readCall(node, text), scope))
  const mayListen = startsOthers.test(withoutComments(tree, text))
  return { servers, isComplete: servers.length > 0 && !mayListen }
}

/** What starts other programs, or listens in a way that is not followed here. */
const startsOthers =
  /\b(?:subprocess|os\.system|os\.exec\w+|os\.popen|multiprocessing|runpy|importlib)\b|\.add_(?:in)?secure_port\(|\b(?:start_server|create_server|websockets\.serve)\(|\.bind\(\s*\(/

/** Whether a node stands in a function that the program does not name again. */
function isLeftAlone(node: SyntaxNode, text: string): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) {
    const name = outer.name === 'FunctionDefinition' ? outer.getChild('VariableName') : null
    const isRegistered =
      outer.parent?.name === 'DecoratedStatement' || outer.parent?.parent?.name === 'ClassDefinition'
    if (name && !isRegistered && text.match(new RegExp(`\\b${textOf(name, text)}\\b`, 'g'))!.length === 1)
      return true
  }
  return false
}

function withoutComments(tree: SyntaxNode, text: string): string {
  return findAll(tree, 'Comment').reduceRight(
    (rest, { from, to }) => rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to),
    text,
  )
}

function readServer(call: Call, scope: Scope): SourceServer[] {
  const ofHypercorn = readHypercorn(call, scope)
  if (ofHypercorn) return ofHypercorn
  const kind = kindOf(call, scope)
  if (!kind) return addressCall(call, scope)
  const { keywords: given, positional, isOpen, offset } = call
  const listen = kind === waitress ? given.get('listen') : undefined
  if (listen) return [{ program: kind.program, ...readAddress(evaluatePython(listen, scope)), offset }]
  const isElsewhere = ['uds', 'fd', 'sock', 'unix_socket'].some((name) => given.has(name))
  if (isElsewhere) return [{ program: kind.program, port: undefined, host: undefined, offset }]
  const { keywords = { port: 'port', host: 'host' }, positions = {} } = kind
  const read = (name: 'port' | 'host'): Known => {
    const position = positions[name]
    const node = given.get(keywords[name]) ?? (position === undefined ? undefined : positional[position])
    if (!node && isOpen) return undefined
    const value = node ? evaluatePython(node, scope) : null
    if (value === null && /\benviron\.update\(/.test(scope.text)) return undefined
    if (value !== null || (node && demandsPort(node, scope))) return value
    const variable = kind.variables && scope.environment.get(kind.variables[name])
    return variable === undefined && kind.variables ? undefined : (variable ?? kind[name])
  }
  return [{ program: kind.program, port: read('port'), host: read('host'), offset }]
}

/** `host:port`, where it is known and the only one; `*` is every address. */
function readAddress(text: Known): { port: Known; host: Known } {
  const [, host, port] = /^(\S+):(\d+)$/.exec(text ?? '') ?? []
  return { port, host: host === '*' ? '0.0.0.0' : host }
}

/** Whether an expression ends the program where PORT is not set, as `int(os.environ["PORT"])` does. */
function demandsPort(node: SyntaxNode, { text, constants }: Scope): boolean {
  const made = node.name === 'VariableName' ? constants.get(textOf(node, text)) : node
  return made !== undefined && demandedPort.test(textOf(made, text))
}

const demandedPort =
  /^(?:int\(\s*)?(?:os\.)?environ\[\s*["']PORT["']\s*\]|^int\(\s*(?:os\.)?(?:environ\.get|getenv)\(\s*["']PORT["']\s*\)/

function kindOf(
  { callee, keywords, positional, isOpen }: Call,
  { text, constants }: Scope,
): Kind | undefined {
  const known = Object.hasOwn(calls, callee) ? calls[callee] : undefined
  if (known) return callee === 'ui.run' && !/\bnicegui\b/.test(text) ? undefined : known
  if (callee === 'serve' && /from\s+waitress\s+import|import\s+waitress/.test(text)) return waitress
  if (callee === 'waitress.serve') return waitress
  if (
    callee === 'bottle.run' ||
    (callee === 'run' && /^\s*from\s+bottle\s+import\b.*\b(?:run|\*)/m.test(text))
  )
    return frameworks['Bottle']
  const [, owner = '', method] = /^([^]*)\.(\w+)$/.exec(callee) ?? []
  if (method === 'launch' && /^\s*(?:import|from)\s+gradio\b/m.test(text)) return gradio
  if (method !== 'run' && method !== 'run_server') return undefined
  const made = constants.get(owner)
  const maker = made?.name === 'CallExpression' ? textOf(made.firstChild!, text).split('.').at(-1)! : ''
  if (Object.hasOwn(frameworks, maker)) return frameworks[maker]
  // An app that comes from elsewhere: only what the call itself says is known.
  const isApp = /^(?:app|application|server|socketio)$/.test(owner) && maker === '' && keywords.has('port')
  return isApp && !isOpen && positional.length < 2
    ? { program: 'The app', port: '', host: /\bflask\b/i.test(text) ? '127.0.0.1' : '' }
    : undefined
}

/** Servers that take a pair of host and port. */
function addressCall({ callee, positional, keywords, offset }: Call, scope: Scope): SourceServer[] {
  const name = callee.split('.').at(-1)!
  const [first, second] = positional
  const read = (node: SyntaxNode | undefined): Known => node && evaluatePython(node, scope)
  if (name === 'listen' && /^\s*(?:import|from)\s+tornado\b/m.test(scope.text) && first) {
    const host = keywords.get('address') ?? second
    return [{ program: 'Tornado', port: read(first), host: host ? read(host) : '', offset }]
  }
  if (name === 'make_server' && second)
    return [{ program: callee, host: read(first), port: read(second), offset }]
  if (!/^(?:HTTPServer|ThreadingHTTPServer|TCPServer|ThreadingTCPServer|WSGIServer)$/.test(name)) return []
  const given = first ?? keywords.get('server_address')
  const pair = given?.name === 'VariableName' ? scope.constants.get(textOf(given, scope.text)) : given
  if (pair?.name !== 'TupleExpression') return [{ program: name, port: undefined, host: undefined, offset }]
  const [host, port] = childrenOf(pair).filter(({ name: each }) => !/^[(),]$/.test(each))
  return [{ program: name, host: read(host), port: read(port), offset }]
}
