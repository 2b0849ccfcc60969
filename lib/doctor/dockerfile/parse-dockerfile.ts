import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast'

/** One instruction, its continuation lines joined and the comments between them left out. */
export interface Instruction {
  /** In capitals, such as `RUN`. */
  readonly keyword: string
  /** The flags before the operands, such as `--chown=user`, by name; the values of one that is repeated with blanks between. */
  readonly flags: Readonly<Record<string, string>>
  /** What follows the keyword and the flags; a here-document is part of it. */
  readonly text: string
  /** Whether a here-document stands in it. */
  readonly hasHeredoc: boolean
  /** The line of the keyword, from 1. */
  readonly line: number
}

/** A stage of the build: from one `FROM` to the next. */
export interface Stage {
  /** The image, or the name of an earlier stage. */
  readonly base: string
  readonly name: string | undefined
  readonly line: number
  readonly instructions: readonly Instruction[]
}

/** A Dockerfile as written; nothing in it is expanded. */
export interface Dockerfile {
  readonly stages: readonly Stage[]
  /** Every instruction, those before the first `FROM` too. */
  readonly instructions: readonly Instruction[]
}

/** Reads a Dockerfile into stages and instructions with their lines. It takes whatever it is given, also what Docker would refuse. */
export function parseDockerfile(text: string): Dockerfile {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const escape = /^#\s*escape\s*=\s*`/im.test(source) ? '`' : '\\'
  const parsed = DockerfileParser.parse(maskQuoted(source)).getInstructions()
  const instructions = parsed.map((each) => readInstruction(each as JSONInstruction, escape))
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push(readStage(instruction))
    else stages.at(-1)?.instructions.push(instruction)
  }
  return { stages, instructions }
}

/** Stands for `<` in quotes and comments and after a backslash, where it begins no here-document. */
const mask = '\u0001'
const instruction = /^[ \t]*RUN[ \t](?:[^\n]*\\[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*)*[^\n]*/gim
const unread = /^[ \t]*#.*|"(?:[^"\\]|\\[^])*"|'[^']*'|\\</gm
/** The number of a stream, which the parser does not know before a here-document. */
const stream = /(?<=\s)\d+(?=<<-?["']?[A-Za-z_])/g

function maskQuoted(source: string): string {
  return source.replaceAll(instruction, (lines) =>
    lines
      .replaceAll(unread, (text) => text.replaceAll('<', mask))
      .replaceAll(stream, (digits) => ' '.repeat(digits.length)),
  )
}

function readInstruction(parsed: JSONInstruction, escape: string): Instruction {
  const written = parsed.getRawArgumentsContent() ?? ''
  const raw = written.replaceAll(mask, '<')
  const flags: Record<string, string> = {}
  for (const flag of parsed.getFlags?.() ?? []) {
    const value = flag.getValue() ?? ''
    flags[flag.getName()] = [flags[flag.getName()], value].filter((each) => each !== undefined).join(' ')
  }
  const hasHeredoc =
    /^(?:RUN|COPY|ADD)$/i.test(parsed.getKeyword()) && /(?<!<)<<-?["']?[A-Za-z_]/.test(written)
  return {
    keyword: parsed.getKeyword().toUpperCase(),
    flags,
    text: (hasHeredoc ? raw : joinLines(raw, escape)).trim(),
    hasHeredoc,
    line: parsed.getRange().start.line + 1,
  }
}

function joinLines(raw: string, escape: string): string {
  const lines = raw.split('\n')
  const code = lines.filter((line, index) => index === 0 || !/^\s*(?:#|$)/.test(line))
  return code.map((line) => (line.trimEnd().endsWith(escape) ? line.trimEnd().slice(0, -1) : line)).join(' ')
}

function readStage({ text, line }: Instruction): Stage & { instructions: Instruction[] } {
  const [base = '', , name] = text.split(/\s+/)
  return { base, name: name?.toLowerCase(), line, instructions: [] }
}
