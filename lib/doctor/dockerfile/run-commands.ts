import { posix } from 'node:path'
import type { Environment } from '../environment.ts'
import { readCommands, unknownIn } from '../shell/commands.ts'
import { expandWord } from '../shell/expand-word.ts'
import { readForm } from './command-form.ts'
import type { Instruction } from './parse-dockerfile.ts'

/** A simple command of a `RUN`, and what holds where it runs. */
export interface RunCommand {
  /** Its words as far as they are known; nothing in place of one that is not. */
  readonly words: readonly (string | undefined)[]
  readonly environment: Environment
  /** Nothing where it is not known. */
  readonly workingDirectory: string | undefined
  /** Whether the build fails where it fails. */
  readonly isCertain: boolean
  /** The script before it. */
  readonly before: string
  /** The shell that it is given to, where the Dockerfile names one: `bash -c "…"`. */
  readonly shell?: string
}

/** What holds where a `RUN` begins. */
interface Start {
  readonly environment: Environment
  readonly workingDirectory: string | undefined
}

/** Reads the commands of a `RUN`; nothing where they cannot be read. */
export function readRunCommands(instruction: Instruction, start: Start): readonly RunCommand[] | undefined {
  const body = bodyOf(instruction)
  if (body === undefined) return undefined
  const commands =
    typeof body === 'string'
      ? readScript(body, start)
      : [{ ...start, words: body, isCertain: true, before: '' }]
  const all = commands?.map(followShell)
  return all?.includes(undefined) ? undefined : all?.flatMap((each) => each!)
}

/** The commands that a shell is given, `bash -c "…"`, in its place; nothing where they cannot be read. */
function followShell(command: RunCommand): readonly RunCommand[] | undefined {
  const { words, isCertain, before } = command
  if (!/^(?:\/\S*\/)?(?:ba|da|a|z)?sh$/.test(words[0] ?? '')) return [command]
  const flag = words.findIndex((word) => word !== undefined && /^-\w*c\w*$/.test(word))
  if (flag === -1) return [command]
  const script = words[flag + 1]
  const inner = script === undefined ? undefined : readScript(script, command)
  const shell = posix.basename(words[0]!)
  const given = inner?.map((each) => ({
    ...each,
    isCertain: isCertain && each.isCertain,
    before: before + each.before,
    shell,
  }))
  // The shell itself has to be there, too.
  return given && [{ ...command, words: words.slice(0, 1) }, ...given]
}

function readScript(body: string, start: Start): readonly RunCommand[] | undefined {
  let { workingDirectory } = start
  let environment = unknownIn(body, start.environment)
  return readCommands(body)?.map(({ words: written, assignments, offset, isTolerated, isConditional }) => {
    const words = written.flatMap<string | undefined>((word) => expandWord(word, environment) ?? [undefined])
    const own = assignments.reduce(
      (known, { name, value }) => known.with(name, value && expandWord(value, environment)?.join(' ')),
      environment,
    )
    const [name, first] = words
    const command = { words, environment: own, workingDirectory, before: body.slice(0, offset) }
    if (words.length === 0) environment = own
    else if (name === 'export') environment = exported(words.slice(1), own)
    else if (name === 'cd') workingDirectory = isConditional ? undefined : resolve(workingDirectory, first)
    return { ...command, isCertain: !isTolerated && !isConditional }
  })
}

/** The script, or the words of a list; nothing where another program reads the here-document: `<<EOF python3`. */
function bodyOf({ text, hasHeredoc, line }: Instruction): string | readonly string[] | undefined {
  const body = hasHeredoc ? /^<<-?\s*["']?(\w+)["']?[^\S\n]*\n([^]*?)\n\s*\1\s*$/.exec(text)?.[2] : text
  if (body === undefined || body.startsWith('#!')) return undefined
  const form = readForm({ text: body, line })
  return form.kind === 'list' ? form.words : body
}

function resolve(folder: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined || (folder === undefined && !path.startsWith('/'))) return undefined
  return posix.resolve(folder ?? '/', path)
}

function exported(words: readonly (string | undefined)[], environment: Environment): Environment {
  return words.reduce((known, word) => {
    const [, name, value] = /^(\w+)=([^]*)$/.exec(word ?? '') ?? []
    return name === undefined ? known : known.with(name, value)
  }, environment)
}
