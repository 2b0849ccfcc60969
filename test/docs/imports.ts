import { readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { readText, root } from './markdown.ts'

/** An import, as it stands in a source file. */
export interface Import {
  /** Below `lib`, such as `url/tls.ts`. */
  readonly from: string
  /** A file below `lib`, or the name of a package. */
  readonly to: string
  readonly isFile: boolean
  /** Whether it is gone when the program runs. */
  readonly isTypeOnly: boolean
}

/** Every import of every source file of the library. */
export function libraryImports(): Import[] {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  return files.filter((path) => path.endsWith('.ts')).flatMap(importsOf)
}

function importsOf(from: string): Import[] {
  const source = ts.createSourceFile(from, readText(`lib/${from}`), ts.ScriptTarget.Latest)
  const found: Import[] = []
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return
    const isFile = specifier.text.startsWith('.')
    const to = isFile ? normalize(join(dirname(from), specifier.text)) : specifier.text
    found.push({ from, to, isFile, isTypeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true)
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
