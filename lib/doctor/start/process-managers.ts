import { fileAt } from './container-path.ts'
import { followScript, type Script } from './follow-script.ts'
import { findFlag } from '../shell/flags.ts'
import type { ContainerFiles, Process } from './listening.ts'
import { readSupervisorConfig } from './supervisor.ts'

type Next = (process: Process) => readonly Process[]
type Words = Process['words']

/** Follows a program that starts several others; nothing for one that is none. */
export function followManager(
  name: string,
  args: Words,
  process: Process,
  files: ContainerFiles,
  next: Next,
): readonly Process[] | undefined {
  if (/^(?:honcho|foreman|forego)$/.test(name)) return followProcfile(args, process, files, next)
  if (name === 'supervisord') return followSupervisor(args, process, files, next)
  if (name === 'concurrently') return followConcurrently(args, process, next)
  return /^(?:npm-run-all2?|run-p|run-s)$/.test(name) ? followRunAll(args, process, next) : undefined
}

function followEach(scripts: readonly Script[], process: Process, next: Next): readonly Process[] {
  return scripts.flatMap((script) => followScript(script, { ...process, role: 'background' }, [], next))
}

/** `honcho start`: each line of the Procfile; it gives PORT where nobody has. */
function followProcfile(
  args: Words,
  process: Process,
  files: ContainerFiles,
  next: Next,
): readonly Process[] | undefined {
  const [verb, ...names] = args.filter((arg) => !arg?.startsWith('-'))
  const file = fileAt(findFlag(args, ['-f', '--procfile']) ?? 'Procfile', process, files)
  const text = file === undefined ? undefined : files.folder.read(file)
  if (verb !== 'start' || text === undefined || fileAt('.env', process, files)) return undefined
  const environment = process.environment.with('PORT', process.environment.get('PORT') ?? undefined)
  const scripts = text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, command] = /^([\w-]+):\s*(.+)$/.exec(line) ?? []
    const isMeant = name !== undefined && (names.length === 0 || names.includes(name))
    return isMeant ? [{ text: command!, file: file!, line: index + 1 }] : []
  })
  return followEach(scripts, { ...process, environment }, next)
}

const configs = [
  'supervisord.conf',
  'etc/supervisord.conf',
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
]

/** A path that is whole as it is written. */
function folderOf(path: string): string | undefined {
  return /^\/[^%]*$/.test(path) ? path : undefined
}

/** `supervisord`: each program of its file that it starts by itself. */
function followSupervisor(
  args: Words,
  process: Process,
  files: ContainerFiles,
  next: Next,
): readonly Process[] | undefined {
  const given = findFlag(args, ['-c', '--configuration'])
  const names = given === undefined ? configs : [given]
  const file = names.map((name) => name && fileAt(name, process, files)).find(Boolean)
  const text = file ? files.folder.read(file) : undefined
  if (!file || text === undefined) return undefined
  const { programs, isComplete } = readSupervisorConfig(text, process.environment)
  const found = programs.flatMap(({ command, line, directory, assign }) => {
    const environment = assign(process.environment)
    const script = { text: command ?? '$(unknown)', file, line }
    const workingDirectory = directory === undefined ? process.workingDirectory : folderOf(directory)
    return followEach([script], { ...process, environment, workingDirectory }, next)
  })
  return isComplete ? found : [...found, { ...process, words: [undefined], role: 'background' }]
}

const valued =
  /^(?:-n|--names|-c|--prefix-colors|-p|--prefix|-s|--success|-m|--max-processes|--restart-tries|--restart-after|-l|-t)$/

/** `concurrently "node api.js" npm:web` */
function followConcurrently(args: Words, process: Process, next: Next): readonly Process[] {
  const commands = args.filter((arg, index) => !arg?.startsWith('-') && !valued.test(args[index - 1] ?? ''))
  const texts = commands.map((each) => each?.replace(/^(npm|yarn|pnpm|bun):/, '$1 run ') ?? '$(unknown)')
  return followEach(
    texts.map((text) => ({ text, ...process.place })),
    process,
    next,
  )
}

/** `npm-run-all --parallel api web` */
function followRunAll(args: Words, process: Process, next: Next): readonly Process[] {
  const names = args.filter((arg) => !arg?.startsWith('-'))
  return names.flatMap((name) => {
    const words = name === undefined || /[*{]/.test(name) ? [undefined] : ['npm', 'run', ...name.split(' ')]
    return next({ ...process, words, role: 'background' })
  })
}
