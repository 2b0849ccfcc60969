import { join } from 'node:path'
import ts from 'typescript'
import { codeBlocks, root } from '../../docs/markdown.ts'

/** What somebody can import, and the examples that its TSDoc has. */
export interface DocumentedExport {
  readonly name: string
  /** The name to import it by, such as `failsoft/knex`. */
  readonly from: string
  /** Whether there is something of it when the program runs. */
  readonly isValue: boolean
  readonly examples: readonly string[]
}

const entryPoints = {
  failsoft: 'lib/index.ts',
  'failsoft/knex': 'lib/knex.ts',
  'failsoft/koa': 'lib/koa/index.ts',
  'failsoft/pg': 'lib/pg/index.ts',
  'failsoft/mysql2': 'lib/mysql2/index.ts',
}

interface Loaded {
  readonly program: ts.Program
  readonly checker: ts.TypeChecker
  readonly modules: readonly ts.Symbol[]
}

let loaded: Loaded | undefined

/** Once for all who ask. */
function load(): Loaded {
  if (loaded) return loaded
  const files = Object.values(entryPoints).map((path) => join(root, path))
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ['node'] }
  const program = ts.createProgram(files, { ...options, allowImportingTsExtensions: true, noEmit: true })
  const checker = program.getTypeChecker()
  const modules = files.map((file) => checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
  return (loaded = { program, checker, modules })
}

/** Everything that the package exports. */
export function documentedExports(): DocumentedExport[] {
  const { checker, modules } = load()
  return Object.keys(entryPoints).flatMap((from, index) =>
    checker.getExportsOfModule(modules[index]!).map((symbol) => describe(symbol, from, checker)),
  )
}

function describe(exported: ts.Symbol, from: string, checker: ts.TypeChecker): DocumentedExport {
  // The entry points only re-export.
  const symbol = checker.getAliasedSymbol(exported)
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example')
  const examples = tags.flatMap(({ text }) => codeBlocks(`${ts.displayPartsToString(text)}\n`))
  return { name: exported.name, from, isValue, examples: examples.map(({ code }) => code) }
}

/** The members of public types that nothing is said of, as `Type.member`: of all that is exported, and of what that names. */
export function undocumentedMembers(): string[] {
  const { checker, modules } = load()
  const exported = modules.flatMap((module) => checker.getExportsOfModule(module))
  const symbols = new Set(exported.map((symbol) => checker.getAliasedSymbol(symbol)))
  const missing: string[] = []
  // It grows while it is gone through.
  for (const symbol of symbols) {
    const visit = (node: ts.Node): void => {
      // What a function does, and with which types, is its own.
      if (ts.isBlock(node)) return
      if (isMember(node) && !isDocumented(node)) missing.push(`${symbol.name}.${node.name.getText()}`)
      const named = namedBy(node, checker)
      if (named) symbols.add(named)
      ts.forEachChild(node, visit)
    }
    for (const declaration of symbol.declarations ?? [])
      if (declaration.getSourceFile().fileName.startsWith(join(root, 'lib'))) visit(declaration)
  }
  return missing.toSorted()
}

type Member = ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature | ts.MethodDeclaration

function isMember(node: ts.Node): node is Member {
  const isOne =
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node)
  return isOne && !ts.isPrivateIdentifier(node.name)
}

/** By a line of its own; of an option that stands among the parameters, by its name in the text of its function. */
function isDocumented(node: Member): boolean {
  if (ts.getJSDocCommentsAndTags(node).length > 0) return true
  const parameter = ts.findAncestor(node, ts.isParameter)
  const text = parameter && ts.getJSDocParameterTags(parameter).map((tag) => tag.getText())
  return text?.some((each) => each.includes(`\`${node.name.getText()}\``)) ?? false
}

/** The type that a node names. */
function namedBy(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const isOne = ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)
  const symbol = isOne && checker.getSymbolAtLocation('typeName' in node ? node.typeName : node.expression)
  if (!symbol) return undefined
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
