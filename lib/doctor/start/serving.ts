import { posix } from 'node:path'
import type { StageState } from '../dockerfile/stage-state.ts'
import type { Environment } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { findJavaScriptServers } from '../source/javascript.ts'
import { findPythonServers } from '../source/python.ts'
import { readGunicorn } from './gunicorn.ts'
import { listening, type Answer, type ContainerFiles, type Listening, type Process } from './listening.ts'
import { findProcesses, pathOf } from './processes.ts'
import { readServer } from './read-server.ts'
import { modules, servers, silentPrograms } from './server-table.ts'
import { readApache, readCaddy, readJava, readJupyter, readNginx, readStreamlit } from './web-servers.ts'

/** What the container starts, and where that listens. */
export interface Serving {
  readonly processes: readonly Process[]
  readonly servers: readonly Listening[]
  /** Whether nothing else may listen. */
  readonly isComplete: boolean
  /** The source of the program that is started, where it is in the folder. */
  readonly sources: readonly string[]
}

/** Finds where the container listens. */
export function findServers(image: StageState, files: ContainerFiles): Serving {
  const processes = findProcesses(image, files) ?? []
  const sources: string[] = []
  const answers = processes.map((process) => ({ process, answer: answer(process, image, files, sources) }))
  const found = answers.flatMap((each) => (typeof each.answer === 'string' ? [] : each.answer))
  const isComplete = answers.every((each) => each.answer !== 'unknown' || each.process.role === 'before')
  return { processes, servers: found, isComplete: isComplete && found.length > 0, sources }
}

function answer(process: Process, image: StageState, files: ContainerFiles, sources: string[]): Answer {
  const [program, ...args] = process.words
  if (program === undefined) return 'unknown'
  const name = posix.basename(program)
  if (/^python[\d.]*$/.test(name)) return answerPython(process, args, files, sources)
  if (/^(?:node|nodejs|tsx|ts-node|bun|deno|nodemon|pm2-runtime)$/.test(name))
    return answerNode(process, name, args, files, sources)
  const special = answerNamed(name, args, process, image, files)
  if (special) return special
  if (silentPrograms.has(name)) return 'none'
  const path = pathOf(program, process, files)
  if (path?.endsWith('.py') || (path && /^#!.*\bpython/.test(files.folder.read(path) ?? '')))
    return answerSource(path, process, files, sources)
  return 'unknown'
}

function answerNamed(
  name: string,
  args: readonly (string | undefined)[],
  process: Process,
  image: StageState,
  files: ContainerFiles,
): Answer | undefined {
  if (name === 'gunicorn') return readGunicorn(args, process, files)
  if (name === 'streamlit') return readStreamlit(args, process, files)
  if (name === 'nginx') return readNginx(process, image, files)
  if (/^(?:apache2-foreground|httpd-foreground|apache2ctl|apachectl)$/.test(name))
    return readApache(process, image, files)
  if (name === 'caddy') return readCaddy(args, process, files)
  if (name === 'java') return readJava(args, process, files)
  if (/^jupyter(?:-lab|-notebook)?$/.test(name)) return readJupyter(args, process)
  const rows = Object.hasOwn(servers, name) ? servers[name] : undefined
  if (!rows) return undefined
  const folder = process.workingDirectory
  const isConfigured = rows.some((row) =>
    row.files?.some(
      (file) => folder !== undefined && files.locate(posix.resolve(folder, file)) !== undefined,
    ),
  )
  const read = readServer(name, rows, args, process)
  if (!isConfigured || typeof read === 'string') return read
  // A file may say otherwise where the command line says nothing.
  const flags = rows.flatMap(({ port }) => port?.flags ?? [])
  return args.some((arg) => flags.some((flag) => arg === flag || arg?.startsWith(`${flag}=`)))
    ? read.map((each) => ({
        ...each,
        host: args.some((arg) => arg?.startsWith('--host')) ? each.host : undefined,
      }))
    : 'unknown'
}

function answerPython(
  process: Process,
  args: readonly (string | undefined)[],
  files: ContainerFiles,
  sources: string[],
): Answer {
  let index = 0
  while (args[index]?.startsWith('-') && args[index] !== '-m' && args[index] !== '-c')
    index += /^-[WX]$/.test(args[index]!) ? 2 : 1
  const first = args[index]
  const rest = args.slice(index + 1)
  if (first === undefined || first === '-c') return 'unknown'
  if (first === '-m') {
    const [module, ...others] = rest
    if (module === undefined) return 'unknown'
    const name = modules[module] ?? module
    if (/^(?:pip|alembic|venv|ensurepip|compileall|spacy)$/.test(name)) return 'none'
    const known =
      name === 'gunicorn'
        ? readGunicorn(others, process, files)
        : name === 'streamlit'
          ? readStreamlit(others, process, files)
          : Object.hasOwn(servers, name)
            ? readServer(name, servers[name]!, others, process)
            : undefined
    if (known) return known
    const folder = process.workingDirectory ?? '/'
    const path = [`${module.replaceAll('.', '/')}.py`, `${module.replaceAll('.', '/')}/__main__.py`]
      .map((each) => files.locate(posix.resolve(folder, each)))
      .find(Boolean)
    return path ? answerSource(path, process, files, sources) : 'unknown'
  }
  if (posix.basename(first) === 'manage.py')
    return readServer('manage.py', servers['manage.py']!, rest, process)
  const path =
    process.workingDirectory === undefined && !first.startsWith('/')
      ? undefined
      : files.locate(posix.resolve(process.workingDirectory ?? '/', first))
  return path ? answerSource(path, process, files, sources) : 'unknown'
}

function answerNode(
  process: Process,
  name: string,
  args: readonly (string | undefined)[],
  files: ContainerFiles,
  sources: string[],
): Answer {
  const operands = args.filter((arg) => !arg?.startsWith('-'))
  const verbs = new Set(['run', 'start', 'serve', 'watch'])
  const file = operands.find((arg) => arg === undefined || !verbs.has(arg) || name === 'node')
  if (
    file === undefined ||
    process.workingDirectory === undefined ||
    args.some((arg) => arg === '-e' || arg === '--eval')
  )
    return 'unknown'
  const bases = [file, `${file}.js`, `${file}/index.js`]
  const path = bases.map((each) => files.locate(posix.resolve(process.workingDirectory!, each))).find(Boolean)
  if (path && path.endsWith('next/dist/bin/next')) return 'unknown'
  return path && /\.[cm]?[jt]sx?$/.test(path) ? answerSource(path, process, files, sources) : 'unknown'
}

function answerSource(
  path: string,
  process: Process,
  { folder, locate }: ContainerFiles,
  sources: string[],
): Answer {
  const text = folder.read(path)
  if (text === undefined || text.length > 400_000) return 'unknown'
  sources.push(path)
  const environment = withDotenv(process, text, { folder, locate })
  const { servers: found, isComplete } =
    path.endsWith('.py') || !/\.[cm]?[jt]sx?$/.test(path)
      ? findPythonServers(text, environment)
      : findJavaScriptServers(text, environment)
  const answers = found.map(({ program, port, host, offset }) => {
    return listening(program, port === '' ? undefined : port, host === '' ? '0.0.0.0' : host, {
      file: path,
      line: lineAt(text, offset),
    })
  })
  if (!isComplete && answers.length > 0)
    return [...answers, listening('another program', undefined, undefined, process.place)]
  return answers.length > 0 ? answers : 'unknown'
}

/** A program that reads `.env` may find its port there. */
function withDotenv(
  { environment, workingDirectory }: Process,
  text: string,
  { folder, locate }: ContainerFiles,
): Environment {
  if (!/dotenv|decouple|environs|BaseSettings|loadEnvFile/.test(text)) return environment
  const path = locate(posix.resolve(workingDirectory ?? '/', '.env'))
  const names = [
    ...(path === undefined ? '' : (folder.read(path) ?? '')).matchAll(/^\s*(?:export\s+)?(\w+)\s*=/gm),
  ].map((match) => match[1]!)
  return names.reduce((known, name) => known.with(name, environment.get(name) ?? undefined), environment)
}
