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
}

/** Everything that the package exports. */
export function documentedExports(): DocumentedExport[] {
  const files = Object.values(entryPoints).map((path) => join(root, path))
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ['node'] }
  const program = ts.createProgram(files, { ...options, allowImportingTsExtensions: true, noEmit: true })
  const checker = program.getTypeChecker()
  return Object.keys(entryPoints).flatMap((from, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]!)!)!
    return checker.getExportsOfModule(module).map((symbol) => describe(symbol, from, checker))
  })
}

function describe(exported: ts.Symbol, from: string, checker: ts.TypeChecker): DocumentedExport {
  // The entry points only re-export.
  const symbol = checker.getAliasedSymbol(exported)
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example')
  const examples = tags.flatMap(({ text }) => codeBlocks(`${ts.displayPartsToString(text)}\n`))
  return { name: exported.name, from, isValue, examples: examples.map(({ code }) => code) }
}
