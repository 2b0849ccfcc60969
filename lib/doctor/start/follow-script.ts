import { posix } from 'node:path'
import { unknownEnvironment, type Environment } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { readCommands, unknownIn, type ShellCommand } from '../shell/commands.ts'
import { assignDefaults, expandWord } from '../shell/expand-word.ts'
import type { Process } from './listening.ts'

/** A script, and where its first line is. */
export interface Script {
  readonly text: string
  readonly file: string
  readonly line: number
}

/** What holds between two commands of a script. */
interface State {
  readonly environment: Environment
  readonly workingDirectory: string | undefined
  /** What `$@` stands for; nothing where it is not known. */
  readonly parameters: readonly string[] | undefined
}

type Words = readonly (string | undefined)[]

/**
 * Follows each command of a script, with the variables that it sets on its way.
 *
 * @param next - follows a command that it starts.
 */
export function followScript(
  script: Script,
  process: Process,
  parameters: Words,
  next: (process: Process) => readonly Process[],
): readonly Process[] {
  const commands = readCommands(script.text)
  if (!commands) return [{ ...process, words: [undefined] }]
  const given = parameters.every((each) => each !== undefined) ? parameters : undefined
  const isOfNpm = script.file.endsWith('package.json')
  const functions = new Set(commands.map(({ inFunction }) => inFunction).filter((each) => each !== undefined))
  const called = new Set(commands.map(({ name }) => name?.text).filter((each) => each && functions.has(each)))
  let state: State = {
    ...process,
    environment: unknownIn(script.text, process.environment),
    parameters: given,
  }
  const found: Process[] = []
  for (const command of commands) {
    const { inFunction } = command
    // The parameters of a function are its own.
    const seen = inFunction === undefined ? state : { ...state, parameters: undefined }
    const appended = isOfNpm && command === commands.at(-1) ? (given ?? []) : []
    const words = [...expandAll(command, seen), ...appended]
    const [name] = words
    const changed = change(command, words, seen)
    if (changed) state = inFunction === undefined ? changed : { ...changed, parameters: state.parameters }
    else if (inFunction !== undefined && !called.has(inFunction)) continue
    else if (!(name === 'exec' && words.length === 1) && !called.has(name ?? '')) {
      found.push(
        ...next({
          words,
          environment: assigned(command, seen),
          workingDirectory: state.workingDirectory,
          place: { file: script.file, line: lineOf(script, command, process) },
          role: roleOf(process.role, command, name === 'exec'),
          isTolerated: process.isTolerated === true || command.isTolerated,
        }),
      )
      if (name === 'exec' && !command.isConditional) break
    }
  }
  return found
}

function lineOf({ text, file, line }: Script, { offset }: ShellCommand, { place }: Process): number {
  const isInline = file === 'Dockerfile' && file === place.file
  return isInline || file.endsWith('package.json') ? line : line + lineAt(text, offset) - 1
}

function expandAll({ words }: ShellCommand, { environment, parameters }: State): (string | undefined)[] {
  return words.flatMap<string | undefined>((word) => expandWord(word, environment, parameters) ?? [undefined])
}

function assigned(
  { assignments, isConditional }: ShellCommand,
  { environment, parameters }: State,
): Environment {
  return assignments.reduce((known, { name, value, isAdded }) => {
    const text = value && expandWord(value, environment, parameters)?.join(' ')
    const before = isAdded ? known.get(name) : ''
    const isKnown = !isConditional && text !== undefined && before !== undefined
    return known.with(name, isKnown ? `${before ?? ''}${text}` : undefined)
  }, environment)
}

function assignedByDefault(
  { words, isConditional }: ShellCommand,
  { environment, parameters }: State,
): Environment {
  if (isConditional) return environment
  return words.reduce((known, word) => assignDefaults(word, known, parameters), environment)
}

/** What holds after a command that changes only that; nothing for one that starts something. */
function change(command: ShellCommand, words: Words, state: State): State | undefined {
  const [name = '', first] = words
  const { isConditional } = command
  if (command.words.length === 0) return { ...state, environment: assigned(command, state) }
  switch (name) {
    case ':':
      return { ...state, environment: assignedByDefault(command, state) }
    case 'export':
    case 'declare':
    case 'readonly':
    case 'local':
      return { ...state, environment: exported(words.slice(1), state.environment, isConditional) }
    case 'cd':
      return {
        ...state,
        workingDirectory: isConditional ? undefined : resolve(state.workingDirectory, first),
      }
    case 'pushd':
    case 'popd':
      return { ...state, workingDirectory: undefined }
    case 'set':
      return words.includes('--') ? { ...state, parameters: undefined } : state
    case 'shift':
      return {
        ...state,
        parameters: isConditional || first !== undefined ? undefined : state.parameters?.slice(1),
      }
    case 'source':
    case '.':
      // An environment of Python sets PATH alone.
      return /venv|conda|activate/.test(first ?? '') ? state : { ...state, environment: unknownEnvironment }
    default:
      return undefined
  }
}

function resolve(folder: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined || (folder === undefined && !path.startsWith('/'))) return undefined
  return posix.resolve(folder ?? '/', path)
}

function exported(words: Words, environment: Environment, isConditional: boolean): Environment {
  return words.reduce((known: Environment, word) => {
    const [, name, value] = /^(\w+)=([^]*)$/.exec(word ?? '') ?? []
    if (word === undefined) return unknownEnvironment
    return name === undefined ? known : known.with(name, isConditional ? undefined : value)
  }, environment)
}

function roleOf(
  outer: Process['role'],
  { isBackground, isConditional, isLast, isClause }: ShellCommand,
  isExec: boolean,
): Process['role'] {
  if (isClause) return 'before'
  if (isBackground) return 'background'
  if (isConditional) return outer === 'before' ? 'before' : 'maybe'
  return isLast || isExec ? outer : outer === 'maybe' ? 'maybe' : 'before'
}
