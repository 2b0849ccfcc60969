import { posix } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { parseObject, type PackageContent } from '../package-file.ts'
import type { Container, Process } from './listening.ts'

const builds = /^(?:npx )?(tsc|nest build)\b/

/**
 * The source that tsc compiles to a file of the image, where the folder says so: the build runs `tsc`, and tsconfig.json names both folders.
 */
export function compiledFrom(
  file: string,
  { workingDirectory }: Process,
  { folder, image }: Container,
): string | undefined {
  const manifest: PackageContent | undefined = parseObject(folder.text('package.json'))
  const runs = [
    ...Object.values(manifest?.scripts ?? {}),
    ...image.steps.map(({ instruction }) => instruction.text),
  ]
  const builders = runs.flatMap((text) => builds.exec(text)?.[1] ?? [])
  if (workingDirectory === undefined || builders.length === 0) return undefined
  const options = readOptions(folder.text('tsconfig.json'))
  const { outDir, rootDir = builders.includes('nest build') ? 'src' : undefined } = options ?? {}
  if (typeof outDir !== 'string' || typeof rootDir !== 'string') return undefined
  const inside = posix.relative(posix.resolve('/', outDir), posix.resolve('/', file))
  if (file.startsWith('/') || inside.startsWith('..')) return undefined
  const named = /\.[cm]?js$/.test(inside) ? inside : `${inside}.js`
  const base = posix.join(rootDir, named).replace(/\.([cm]?)js$/, '.$1ts')
  return folder.kind(base) === 'file' ? base : undefined
}

/** tsconfig.json may hold comments and commas too many, as YAML's flow style nearly does. */
function readOptions(text: string): Readonly<Record<string, unknown>> | undefined {
  const plain = text.replaceAll(
    /("(?:[^"\\]|\\.)*")|\/\*[^]*?\*\/|\/\/[^\n]*/g,
    (_, kept: string | undefined) => kept ?? '',
  )
  try {
    const value = parseYaml(plain, { logLevel: 'error' }) as {
      compilerOptions?: Readonly<Record<string, unknown>>
    } | null
    return value?.compilerOptions
  } catch {
    return undefined
  }
}
