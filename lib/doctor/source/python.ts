import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
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

/** A kind of call that listens. */
interface Kind {
  readonly program: string
  readonly port: string
  readonly host: string
  readonly variables?: { readonly port: string; readonly host: string }
  /** The keyword of the port and of the host; `port` and `host` by default. */
  readonly keywords?: { readonly port: string; readonly host: string }
  /** The place of the host and the port among the arguments without a name. */
  readonly positions?: { readonly host?: number; readonly port?: number }
}

const frameworks: Readonly<Record<string, Kind>> = {
  Flask: { program: 'Flask', port: '5000', host: '127.0.0.1', positions: { host: 0, port: 1 } },
  Quart: { program: 'Quart', port: '5000', host: '127.0.0.1', positions: { host: 0, port: 1 } },
  SocketIO: { program: 'Flask-SocketIO', port: '5000', host: '127.0.0.1', positions: { host: 1, port: 2 } },
  Dash: {
    program: 'Dash',
    port: '8050',
    host: '127.0.0.1',
    variables: { port: 'PORT', host: 'HOST' },
    positions: { host: 0, port: 1 },
  },
  Sanic: { program: 'Sanic', port: '8000', host: '127.0.0.1', positions: { host: 0, port: 1 } },
  Bottle: { program: 'Bottle', port: '8080', host: '127.0.0.1' },
}

const calls: Readonly<Record<string, Kind>> = {
  'uvicorn.run': { program: 'uvicorn', port: '8000', host: '127.0.0.1' },
  'uvicorn.Config': { program: 'uvicorn', port: '8000', host: '127.0.0.1' },
  'web.run_app': { program: 'aiohttp', port: '8080', host: '0.0.0.0' },
  'aiohttp.web.run_app': { program: 'aiohttp', port: '8080', host: '0.0.0.0' },
  'ui.run': { program: 'NiceGUI', port: '8080', host: '0.0.0.0' },
  'granian.Granian': {
    program: 'Granian',
    port: '8000',
    host: '127.0.0.1',
    keywords: { port: 'port', host: 'address' },
  },
}

const waitress: Kind = { program: 'Waitress', port: '8080', host: '0.0.0.0' }
const gradio: Kind = {
  program: 'Gradio',
  port: '7860',
  host: '127.0.0.1',
  variables: { port: 'GRADIO_SERVER_PORT', host: 'GRADIO_SERVER_NAME' },
  keywords: { port: 'server_port', host: 'server_name' },
}

/** Finds where a Python program listens. */
export function findPythonServers(text: string, environment: Environment): SourceServers {
  const tree = parser.parse(text).topNode
  const scope: Scope = { text, environment, constants: readConstants(tree, text) }
  const servers = findAll(tree, 'CallExpression').flatMap((node) => readServer(readCall(node, text), scope))
  const startsOthers =
    /\b(?:subprocess|os\.system|os\.exec\w+|os\.popen|multiprocessing|runpy|importlib)\b/.test(
      withoutComments(tree, text),
    )
  return { servers, isComplete: servers.length > 0 && !startsOthers }
}

function withoutComments(tree: SyntaxNode, text: string): string {
  return findAll(tree, 'Comment').reduceRight(
    (rest, { from, to }) => rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to),
    text,
  )
}

function readServer(call: Call, scope: Scope): SourceServer[] {
  const kind = kindOf(call, scope)
  if (!kind) return addressCall(call, scope)
  if (
    call.keywords.has('uds') ||
    call.keywords.has('fd') ||
    call.keywords.has('sock') ||
    call.keywords.has('unix_socket')
  )
    return [{ program: kind.program, port: undefined, host: undefined, offset: call.offset }]
  const { keywords = { port: 'port', host: 'host' }, positions = {} } = kind
  const read = (name: 'port' | 'host'): Known => {
    const node =
      call.keywords.get(keywords[name]) ??
      (positions[name] === undefined ? undefined : call.positional[positions[name]])
    if (!node && call.isOpen) return undefined
    const value = node ? evaluatePython(node, scope) : null
    if (value !== null) return value
    const variable = kind.variables && scope.environment.get(kind.variables[name])
    return variable === undefined && kind.variables ? undefined : (variable ?? kind[name])
  }
  return [{ program: kind.program, port: read('port'), host: read('host'), offset: call.offset }]
}

function kindOf(
  { callee, keywords, positional, isOpen }: Call,
  { text, constants }: Scope,
): Kind | undefined {
  const known = calls[callee]
  if (known) return callee === 'ui.run' && !/\bnicegui\b/.test(text) ? undefined : known
  if (callee === 'serve' && /from\s+waitress\s+import|import\s+waitress/.test(text)) return waitress
  if (callee === 'waitress.serve') return waitress
  const [, owner = '', method] = /^([^]*)\.(\w+)$/.exec(callee) ?? []
  if (method === 'launch' && /^\s*(?:import|from)\s+gradio\b/m.test(text)) return gradio
  if (method !== 'run' && method !== 'run_server') return undefined
  const made = constants.get(owner)
  const maker = made?.name === 'CallExpression' ? textOf(made.firstChild!, text).split('.').at(-1)! : ''
  if (Object.hasOwn(frameworks, maker)) return frameworks[maker]
  // An app that comes from elsewhere: only what the call itself says is known.
  const isApp = /^(?:app|application|server|socketio)$/.test(owner) && maker === '' && keywords.has('port')
  return isApp && !isOpen && positional.length < 2
    ? {
        program: 'The app',
        port: '',
        host: frameworks['Flask'] && /\bflask\b/i.test(text) ? '127.0.0.1' : '',
      }
    : undefined
}

/** Servers that take a pair of host and port. */
function addressCall({ callee, positional, keywords, offset }: Call, scope: Scope): SourceServer[] {
  const name = callee.split('.').at(-1)!
  if (name === 'listen' && /^\s*(?:import|from)\s+tornado\b/m.test(scope.text) && positional[0]) {
    const host = keywords.get('address') ?? positional[1]
    return [
      {
        program: 'Tornado',
        port: evaluatePython(positional[0], scope),
        host: host ? evaluatePython(host, scope) : '',
        offset,
      },
    ]
  }
  if (name === 'make_server' && positional[1]) {
    return [
      {
        program: callee,
        host: evaluatePython(positional[0]!, scope),
        port: evaluatePython(positional[1], scope),
        offset,
      },
    ]
  }
  if (!/^(?:HTTPServer|ThreadingHTTPServer|TCPServer|ThreadingTCPServer|WSGIServer)$/.test(name)) return []
  const first = positional[0] ?? keywords.get('server_address')
  const pair = first?.name === 'VariableName' ? scope.constants.get(textOf(first, scope.text)) : first
  if (pair?.name !== 'TupleExpression') return [{ program: name, port: undefined, host: undefined, offset }]
  const [host, port] = childrenOf(pair).filter(({ name: each }) => !/^[(),]$/.test(each))
  return [
    {
      program: name,
      host: host && evaluatePython(host, scope),
      port: port && evaluatePython(port, scope),
      offset,
    },
  ]
}

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
  // A parameter, or the variable of a loop, of the same name hides it.
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
      return written.replaceAll('_', '')
    case 'String':
      return readString(written)
    case 'Boolean':
      return written
    case 'None':
      return null
    case 'ParenthesizedExpression':
      return next(childrenOf(node)[1])
    case 'VariableName':
      return next(constants.get(written))
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node)
      if (!operator || textOf(operator, text) !== 'or') return undefined
      const value = next(left)
      return value === undefined ? undefined : value || next(right)
    }
    case 'MemberExpression': {
      const name = /^(?:os\.)?environ\[\s*(["'])(\w+)\1\s*\]$/.exec(written)?.[2]
      return name ? environment.get(name) : undefined
    }
    case 'CallExpression':
      return evaluateCall(readCall(node, text), environment, next)
    default:
      return undefined
  }
}

function evaluateCall(
  { callee, positional, keywords }: Call,
  environment: Environment,
  next: (node: SyntaxNode | undefined) => Known,
): Known {
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
