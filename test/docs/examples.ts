import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { root } from './markdown.ts'
import { plainNode } from '../plain-node.ts'

/** Examples, compiled, that each can be run. */
export interface Examples {
  /** What the compiler has against them. */
  readonly complaints: readonly string[]
  /** The JavaScript file of an example. */
  file(name: string): string
  remove(): void
}

/** How a program ended, and what it wrote. */
export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/**
 * Compiles examples as a user's strict project would. They lie inside the project, so that they find `failsoft` and
 * the other packages by name.
 *
 * @param sources - TypeScript by name of the example.
 */
export function compileExamples(sources: Readonly<Record<string, string>>): Examples {
  mkdirSync(join(root, '.test'), { recursive: true })
  const folder = mkdtempSync(join(root, '.test', 'examples-'))
  const files = Object.entries(sources).map(([name, code]) => {
    const path = join(folder, `${name}.mts`)
    writeFileSync(path, withChecks(code))
    return path
  })
  const complaints = compile(folder, files)
  return {
    complaints,
    file: (name) => join(folder, `${name}.mjs`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Compiles files where they are, in a process of its own: the native compiler takes a tenth of the time. */
function compile(folder: string, files: readonly string[]): string[] {
  const project = join(folder, 'tsconfig.json')
  const emit = { composite: false, declaration: false, declarationMap: false, sourceMap: false }
  const compilerOptions = {
    ...emit,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    // Turns `await using` into what every supported Node.js can run.
    target: 'es2022',
  }
  writeFileSync(project, JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files }))
  const compiler = join(root, 'node_modules/.bin/tsc')
  const { stdout } = spawnSync(compiler, ['--project', project, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  })
  // What belongs to a complaint is indented.
  return stdout.split(/\n(?=\S)/).filter((complaint) => complaint.trim() !== '')
}

/**
 * Runs a program in an empty folder, with nothing but these variables.
 *
 * @param file - JavaScript.
 */
export async function runFile(file: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const cwd = mkdtempSync(join(tmpdir(), 'failsoft-example-'))
  const child = spawn(...plainNode(file), { cwd, env: { PATH: process.env['PATH'], ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => void (out += String(chunk)))
  child.stderr.on('data', (chunk) => void (err += String(chunk)))
  await once(child, 'close')
  rmSync(cwd, { recursive: true, force: true })
  return { code: child.exitCode, out, err }
}

/**
 * Runs examples one after the other in one process: loading the library costs each further one half a second of processor time.
 *
 * @returns how the process ended, and of each example `ran` or why it failed.
 */
export async function runTogether(
  { file }: Examples,
  names: readonly string[],
): Promise<Run & { readonly outcomes: Readonly<Record<string, string>> }> {
  const program = file('together')
  const urls = Object.fromEntries(names.map((name) => [name, pathToFileURL(file(name)).href]))
  writeFileSync(
    program,
    `const outcomes = {}
    for (const [name, url] of Object.entries(${JSON.stringify(urls)}))
      outcomes[name] = await import(url).then(() => 'ran', String)
    console.log(JSON.stringify(outcomes))`,
  )
  const run = await runFile(program)
  return { ...run, outcomes: JSON.parse(run.out) as Record<string, string> }
}

/** Turns each `expression // value` into an assertion, so that what an example promises is checked. */
export function withChecks(code: string): string {
  const lines = code.split('\n').map((line) => {
    const [, indent = '', expression = '', value = ''] = /^(\s*)(.+?) \/\/ (.+)$/.exec(line) ?? []
    const [, declaration, name] = /^((?:const|let) (\w+)) = /.exec(expression) ?? []
    if (!isValue(value)) return line
    const subject = declaration ? name : expression
    const check = `check(${subject}, ${value})`
    return declaration ? `${indent}${expression}\n${indent}${check}` : `${indent};${check}`
  })
  return `${checker}\n${lines.join('\n')}\n`
}

/** Without the types of `assert`, which would narrow what comes after. */
const checker =
  "import { deepStrictEqual } from 'node:assert';" +
  'const check: (actual: unknown, expected: unknown) => void = deepStrictEqual;'

function isValue(text: string): boolean {
  try {
    return text !== '' && runInNewContext(`(${text})`) !== undefined
  } catch {
    return false
  }
}
