import { posix } from 'node:path'
import { fileAt } from './container-path.ts'
import { compiledFrom } from './compiled.ts'
import type { Answer, Container, Process } from './listening.ts'
import { readKnown } from './read-known.ts'
import { answerSource } from './source-program.ts'

type Words = Process['words']

const verbs = new Set(['run', 'start', 'serve', 'watch'])
/** Flags of Node, Deno and the like that take a value. */
const valued =
  /^(?:--import|-r|--require|--loader|--experimental-loader|--env-file|--env-file-if-exists|-C|--conditions|--title|--exec|-x|--watch|-w|--ext|-e|--ignore|--config|-c|--tsconfig|--import-map|-i|--instances|--name|-n|--cwd)$/

/** `node server.js`, `tsx src/server.ts`, `bun run app.ts`, `deno run main.ts`. */
export function answerNode(args: Words, process: Process, container: Container): Answer {
  const name = posix.basename(process.words[0]!)
  if (args.some((arg) => arg === '--eval' || (arg === '-e' && name !== 'nodemon'))) return 'unknown'
  if (name === 'deno' && args[0] === 'serve')
    return readKnown('deno serve', args.slice(1), process, container)!
  const file = fileOf(name, args)
  if (file === undefined) return 'unknown'
  const bases = [file, ...['.js', '.ts', '/index.js', '/index.ts'].map((end) => `${file}${end}`)]
  const path = bases.map((each) => fileAt(each, process, container)).find(Boolean)
  if (path === undefined) return answerBuilt(file, process, container)
  if (path.endsWith('next/dist/bin/next')) return 'unknown'
  const isSource = /\.[cm]?[jt]sx?$/.test(path) || /^#!.*\bnode\b/.test(container.folder.text(path))
  return isSource ? answerSource(path, [], process, container) : 'unknown'
}

function fileOf(name: string, args: Words): string | undefined {
  const operands = args.filter((arg, index) => {
    // A switch of nodemon or Deno may stand alone: what follows is a file then.
    const before = args[index - 1] ?? ''
    const isValue = valued.test(before) && !(before === '--watch' || (before === '-w' && name !== 'nodemon'))
    return !arg?.startsWith('-') && !isValue
  })
  return operands.find((arg) => arg === undefined || !verbs.has(arg) || name === 'node')
}

/** A file that the build makes: by a framework that is known, or by tsc of a source that is there. */
function answerBuilt(file: string, process: Process, container: Container): Answer {
  const { image, folder } = container
  const isNext = image.copies.some(({ sources }) =>
    sources.some((source) => /\.next\/standalone\/?\.?$/.test(source)),
  )
  if (isNext && posix.basename(file) === 'server.js')
    return readKnown('the server of Next.js', [], process, container)!
  if (/(?:^|\/)\.output\/server\/index\.mjs$/.test(file))
    return readKnown('the server of Nuxt', [], process, container)!
  const isSvelte = /"@sveltejs\/adapter-node"/.test(folder.text('package.json'))
  if (isSvelte && /(?:^|\/)build(?:\/(?:index\.js)?)?$/.test(file))
    return readKnown('the server of SvelteKit', [], process, container)!
  const source = compiledFrom(file, process, container)
  return source ? answerSource(source, [], process, container) : 'unknown'
}
