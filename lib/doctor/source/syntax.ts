import type { SyntaxNode } from '@lezer/common'
import type { Environment, Known } from '../environment.ts'

/** A call in a source. */
export interface Call {
  /** What is called, as written, such as `uvicorn.run`. */
  readonly callee: string
  readonly positional: readonly SyntaxNode[]
  readonly keywords: ReadonlyMap<string, SyntaxNode>
  /** Whether arguments are handed in that cannot be seen, such as `**options`. */
  readonly isOpen: boolean
  readonly offset: number
}

/** What the evaluation of an expression may look at. */
export interface Scope {
  readonly text: string
  readonly tree: SyntaxNode
  readonly environment: Environment
  /** The words of the command line; nothing where they are not known. */
  readonly args?: readonly (string | undefined)[] | undefined
  /** The values of names that are assigned once. */
  readonly constants: ReadonlyMap<string, SyntaxNode>
}

/** Where a source listens. */
export interface SourceServer {
  readonly program: string
  /** `null` where the source gives a value that is none; nothing where it cannot be known. */
  readonly port: Known
  readonly host: Known
  readonly offset: number
}

/** What a source listens on. */
export interface SourceServers {
  readonly servers: readonly SourceServer[]
  /** Whether it listens on nothing else, as far as it can be read. */
  readonly isComplete: boolean
}

/** The text of a node. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to)
}

/** The children of a node, comments left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!child.name.endsWith('Comment')) children.push(child)
  }
  return children
}

/** Every node of a name below a node, in order. */
export function findAll(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = []
  node.cursor().iterate((each) => {
    if (each.name === name) found.push(each.node)
  })
  return found
}
