import { posix } from 'node:path'
import type { CommandForm } from '../dockerfile/command-form.ts'
import type { StageState } from '../dockerfile/stage-state.ts'
import type { Environment } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { expandWord, readCommands } from '../shell/commands.ts'
import type { ContainerFiles, Process } from './listening.ts'
import { unwrap } from './wrappers.ts'

/** Everything that the container starts; nothing where it cannot be followed. */
export function findProcesses(image: StageState, files: ContainerFiles): readonly Process[] | undefined {
  const { entrypoint, cmd, environment, workingDirectory } = image
  const start = { environment, workingDirectory, role: 'main' } as const
  const form = entrypoint ?? cmd
  if (!form) return undefined
  const place = { file: 'Dockerfile', line: form.line }
  const parameters = entrypoint?.kind === 'list' && cmd ? wordsOf(cmd, image) : []
  const isDefault = form.line === image.stage.line
  if (isDefault)
    return [{ ...start, words: wordsOf(form, image), place: { file: 'Dockerfile', line: image.stage.line } }]
  const line = entrypoint?.kind === 'list' && cmd ? cmd.line : form.line
  return follow(
    { ...start, words: [...wordsOf(form, image), ...parameters], place: { ...place, line } },
    files,
    0,
  )
}

function wordsOf(form: CommandForm, { shell }: StageState): readonly string[] {
  return form.kind === 'list' ? form.words : [...shell, form.text]
}

const deepest = 6

/** Follows a command through what only starts another one: shells, scripts, npm. */
function follow(process: Process, files: ContainerFiles, depth: number): readonly Process[] {
  const words = unwrap(process.words)
  const next: Process = { ...process, words: words.words, environment: words.assign(process.environment) }
  const [program, ...args] = next.words
  if (program === undefined || depth > deepest) return [next]
  const name = posix.basename(program)
  if (/^(?:ba|da|a|z)?sh$/.test(name)) return followShell(next, args, files, depth)
  const script = /^(?:npm|yarn|pnpm|bun)$/.test(name) ? npmScript(next, name, args, files) : undefined
  if (script)
    return followScript(script, next, args.slice(args.indexOf('--') + 1 || args.length), files, depth)
  const path = pathOf(program, next, files)
  const text = path === undefined ? undefined : files.folder.read(path)
  if (text !== undefined && isShellScript(path!, text))
    return followScript(
      { text: text.replaceAll('\r\n', '\n'), file: path!, line: 1 },
      next,
      args,
      files,
      depth,
    )
  return [next]
}

/** The file of the folder that a program's name stands for. */
export function pathOf(
  program: string,
  { workingDirectory }: Process,
  files: ContainerFiles,
): string | undefined {
  if (!program.includes('/'))
    return ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin']
      .map((folder) => files.locate(`${folder}/${program}`))
      .find(Boolean)
  return program.startsWith('/') || workingDirectory !== undefined
    ? files.locate(posix.resolve(workingDirectory ?? '/', program))
    : undefined
}

function isShellScript(path: string, text: string): boolean {
  return text.startsWith('#!') ? /^#!.*\b(?:ba|da|a)?sh\b/.test(text) : /\.(?:sh|bash)$/.test(path)
}

interface Script {
  readonly text: string
  readonly file: string
  readonly line: number
}

function followShell(
  process: Process,
  args: readonly (string | undefined)[],
  files: ContainerFiles,
  depth: number,
): readonly Process[] {
  const flag = args.findIndex((arg) => arg !== undefined && /^-\w*c\w*$/.test(arg))
  if (flag !== -1) {
    const text = args[flag + 1]
    return text === undefined
      ? [process]
      : followScript({ text, ...process.place }, process, args.slice(flag + 3), files, depth)
  }
  const index = args.findIndex((arg) => !arg?.startsWith('-'))
  const name = args[index]
  if (name === undefined || process.workingDirectory === undefined) return [process]
  const path = files.locate(posix.resolve(process.workingDirectory, name))
  const text = path === undefined ? undefined : files.folder.read(path)
  return text === undefined
    ? [process]
    : followScript(
        { text: text.replaceAll('\r\n', '\n'), file: path!, line: 1 },
        process,
        args.slice(index + 1),
        files,
        depth,
      )
}

function npmScript(
  { workingDirectory }: Process,
  name: string,
  args: readonly (string | undefined)[],
  files: ContainerFiles,
): Script | undefined {
  const prefix = args.indexOf('--prefix')
  const folder = prefix === -1 ? '.' : args[prefix + 1]
  const operands = args.filter(
    (arg, index) => !arg?.startsWith('-') && (prefix === -1 || index !== prefix + 1),
  )
  const [first = name === 'bun' ? '' : 'start', second] = operands
  const script = /^(?:run|run-script)$/.test(first)
    ? second
    : name === 'npm' && !/^(?:start|test|stop|restart)$/.test(first)
      ? undefined
      : first
  if (script === undefined || folder === undefined || workingDirectory === undefined) return undefined
  const path = files.locate(posix.resolve(workingDirectory, folder, 'package.json'))
  const text = path === undefined ? undefined : files.folder.read(path)
  if (text === undefined) return undefined
  const scripts = parseScripts(text)
  const body = scripts?.[script]
  if (typeof body !== 'string') return undefined
  return {
    text: body,
    file: path!,
    line: lineAt(text, Math.max(text.search(new RegExp(`"${script.replaceAll(/[^\w-]/g, '.')}"\\s*:`)), 0)),
  }
}

function parseScripts(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return (JSON.parse(text) as { scripts?: Record<string, unknown> } | null)?.scripts
  } catch {
    return undefined
  }
}

/** Follows each command of a script, with the variables that it sets on its way. */
function followScript(
  { text, file, line }: Script,
  process: Process,
  parameters: readonly (string | undefined)[],
  files: ContainerFiles,
  depth: number,
): readonly Process[] {
  const commands = readCommands(text)
  if (!commands) return [{ ...process, words: [undefined] }]
  const known = parameters.every((each) => each !== undefined) ? parameters : undefined
  const all = file === 'package.json' && known && known.length > 0
  let { environment, workingDirectory } = process
  const found: Process[] = []
  for (const [index, command] of commands.entries()) {
    const isAppended = all && index === commands.length - 1
    const words = [
      ...command.words.flatMap<string | undefined>(
        (word) => expandWord(word, environment, known) ?? [undefined],
      ),
      ...(isAppended ? known : []),
    ]
    const assigned = command.assignments.reduce(
      (each, { name, value }) =>
        each.with(
          name,
          command.isConditional ? undefined : value && expandWord(value, environment, known)?.join(' '),
        ),
      environment,
    )
    const [name] = words
    if (words.length === 0 && command.words.length === 0) environment = assigned
    else if (name === 'export' || name === 'declare' || name === 'readonly' || name === 'local')
      environment = exported(words.slice(1), environment, command.isConditional)
    else if (name === 'cd')
      workingDirectory =
        command.isConditional ||
        words[1] === undefined ||
        (workingDirectory === undefined && !words[1].startsWith('/'))
          ? undefined
          : posix.resolve(workingDirectory ?? '/', words[1])
    else if ((name === 'source' || name === '.') && !/(?:venv|conda|activate)/.test(words[1] ?? ''))
      environment = unknownEnvironment
    else if (name === 'exec' && words.length === 1) continue
    else {
      const role = roleOf(process.role, command, name === 'exec')
      const place = {
        file,
        line:
          file === process.place.file && file === 'Dockerfile'
            ? line
            : line + (file.endsWith('package.json') ? 0 : lineAt(text, command.offset) - 1),
      }
      found.push(
        ...follow(
          {
            words,
            environment: assigned,
            workingDirectory,
            place,
            role,
            isTolerated: process.isTolerated === true || command.isTolerated,
          },
          files,
          depth + 1,
        ),
      )
      if (name === 'exec' && !command.isConditional) break
    }
  }
  return found
}

const unknownEnvironment: Environment = { get: () => undefined, with: (name, value) => withOne(name, value) }

function withOne(name: string, value: ReturnType<Environment['get']>): Environment {
  return { get: (each) => (each === name ? value : undefined), with: (other, next) => withOne(other, next) }
}

function exported(
  words: readonly (string | undefined)[],
  environment: Environment,
  isConditional: boolean,
): Environment {
  return words.reduce((known: Environment, word) => {
    const [, name, value] = /^(\w+)=([^]*)$/.exec(word ?? '') ?? []
    if (word === undefined) return unknownEnvironment
    return name === undefined ? known : known.with(name, isConditional ? undefined : value)
  }, environment)
}

function roleOf(
  outer: Process['role'],
  { isBackground, isConditional, isLast }: { isBackground: boolean; isConditional: boolean; isLast: boolean },
  isExec: boolean,
): Process['role'] {
  if (isBackground) return 'background'
  if (isConditional) return outer === 'before' ? 'before' : 'maybe'
  return isLast || isExec ? outer : outer === 'maybe' ? 'maybe' : 'before'
}
