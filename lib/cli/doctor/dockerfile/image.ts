import { posix } from 'node:path'
import type { Dockerfile, Instruction, Stage } from './parse-dockerfile.ts'
import { splitWords } from './split-words.ts'

/** A value, and the line where it is set. */
export interface Setting {
  readonly value: string
  readonly line: number
}

/** What runs when the image does. */
export interface ImageCommand {
  readonly words: readonly string[]
  readonly line: number
  /** Whether a shell runs it. */
  readonly isShell: boolean
}

/** What the last stage of a Dockerfile makes. */
export interface Image {
  /** The image that everything begins with. */
  readonly base: string
  /** The instructions of the last stage, after those of the stages that it begins with. */
  readonly instructions: readonly Instruction[]
  readonly env: ReadonlyMap<string, Setting>
  readonly user: Setting | undefined
  readonly workingDirectory: string
  readonly command: ImageCommand | undefined
  readonly exposed: readonly Setting[]
}

/**
 * Works out what the last stage of a Dockerfile makes.
 *
 * @param dockerfile - the Dockerfile.
 * @returns nothing where it has no stage.
 */
export function describeImage(dockerfile: Dockerfile): Image | undefined {
  const chain = withAncestors(dockerfile, dockerfile.stages.length - 1)
  if (chain.length === 0) return undefined
  const instructions = chain.flatMap((stage) => stage.instructions)
  const env = readEnv(instructions)
  const last = (keyword: string): Instruction | undefined =>
    instructions.findLast((instruction) => instruction.keyword === keyword)
  const user = last('USER')
  return {
    base: chain[0]!.base,
    instructions,
    env,
    user: user && { value: expand(user.text, env), line: user.line },
    workingDirectory: readWorkingDirectory(instructions, env),
    command: readCommand(last('ENTRYPOINT'), last('CMD')),
    exposed: instructions
      .filter(({ keyword }) => keyword === 'EXPOSE')
      .flatMap(({ text, line }) => splitWords(expand(text, env)).map((value) => ({ value, line }))),
  }
}

/** Replaces `$NAME` and `${NAME}` by what `ENV` and `ARG` say; `${NAME:-text}` by the text where they say nothing. */
export function expand(text: string, env: ReadonlyMap<string, Setting>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
    (all, plain: string, braced: string, otherwise: string) => {
      return env.get(plain ?? braced)?.value ?? otherwise ?? all
    },
  )
}

/**
 * Lists a stage after those that it begins with.
 *
 * @param dockerfile - the Dockerfile.
 * @param from - the index of the stage.
 */
export function withAncestors({ stages }: Dockerfile, from: number): Stage[] {
  const chain: Stage[] = []
  for (let index = from; index >= 0;) {
    const stage = stages[index]!
    chain.unshift(stage)
    index = stages.slice(0, index).findLastIndex(({ name }) => name === stage.base.toLowerCase())
  }
  return chain
}

function readEnv(instructions: readonly Instruction[]): Map<string, Setting> {
  const env = new Map<string, Setting>()
  for (const { keyword, text, line } of instructions) {
    if (keyword !== 'ENV' && keyword !== 'ARG') continue
    const [first = '', ...rest] = splitWords(text)
    const pairs = first.includes('=') || keyword === 'ARG' ? [first, ...rest] : [`${first}=${rest.join(' ')}`]
    for (const pair of pairs) {
      const [name = '', ...value] = pair.split('=')
      if (keyword === 'ENV' || !env.has(name)) env.set(name, { value: expand(value.join('='), env), line })
    }
  }
  return env
}

function readWorkingDirectory(
  instructions: readonly Instruction[],
  env: ReadonlyMap<string, Setting>,
): string {
  return instructions
    .filter(({ keyword }) => keyword === 'WORKDIR')
    .reduce((directory, { text }) => posix.resolve(directory, expand(text, env)), '/')
}

function readCommand(entrypoint?: Instruction, cmd?: Instruction): ImageCommand | undefined {
  const parts = [entrypoint, cmd].filter((part) => part !== undefined).map(readForm)
  const [first] = parts
  if (!first) return undefined
  // An entry point in shell form leaves CMD out.
  const used = first.isShell && entrypoint ? [first] : parts
  return {
    words: used.flatMap(({ words }) => words),
    line: used.at(-1)!.line,
    isShell: used.some(({ isShell }) => isShell),
  }
}

function readForm({ text, line }: Instruction): ImageCommand {
  try {
    const words: unknown = JSON.parse(text)
    if (Array.isArray(words)) return { words: words.map(String), line, isShell: false }
  } catch {
    // Not a list: the shell form.
  }
  const words = splitWords(text)
  return { words: words[0] === 'exec' ? words.slice(1) : words, line, isShell: words[0] !== 'exec' }
}
