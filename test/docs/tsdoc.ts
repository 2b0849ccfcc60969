import { join } from 'node:path'
import ts from 'typescript'
import { codeBlocks, root } from './markdown.ts'

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

/** The members of exported types that nothing is said of, as `Type.member`. What only tells the cases of a union apart speaks for itself. */
export function undocumentedMembers(): string[] {
  const { program, checker, modules } = load()
  const symbols = modules.flatMap((module) => checker.getExportsOfModule(module))
  const declarations = symbols.flatMap((symbol) => checker.getAliasedSymbol(symbol).declarations ?? [])
  const own = new Set(
    declarations.filter((each) => !program.isSourceFileFromExternalLibrary(each.getSourceFile())),
  )
  return [...own].flatMap((declaration) => membersWithout(declaration as ts.NamedDeclaration)).toSorted()
}

function membersWithout(declaration: ts.NamedDeclaration): string[] {
  if (ts.isFunctionDeclaration(declaration)) return []
  const missing: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isParameter(node)) return
    if (isMember(node) && ts.getJSDocCommentsAndTags(node).length === 0) {
      missing.push(`${declaration.name?.getText()}.${node.name.getText()}`)
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(declaration, visit)
  return missing
}

function isMember(node: ts.Node): node is ts.PropertySignature | ts.MethodSignature {
  const isOne = ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isPropertyDeclaration(node)
  if (!isOne || ts.isPrivateIdentifier(node.name)) return false
  return !(node.type && ts.isLiteralTypeNode(node.type))
}
