/** One instruction, its continuation lines joined. */
export interface Instruction {
  /** In capitals, such as `RUN`. */
  readonly keyword: string
  /** What follows the keyword; the text of a here-document is part of it. */
  readonly text: string
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

/**
 * Reads a Dockerfile into stages and instructions with their lines. It takes whatever it is given, also what Docker
 * would refuse.
 *
 * @param text - the file.
 */
export function parseDockerfile(text: string): Dockerfile {
  const instructions = readInstructions(text)
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push(readStage(instruction))
    else stages.at(-1)?.instructions.push(instruction)
  }
  return { stages, instructions }
}

function readStage({ text, line }: Instruction): Stage & { instructions: Instruction[] } {
  const [base = '', , name] = text.split(/\s+/).filter((word) => !word.startsWith('--'))
  return { base, name: name?.toLowerCase(), line, instructions: [] }
}

function readInstructions(source: string): Instruction[] {
  const text = source.replace(/^\uFEFF/, '')
  const lines = text.split(/\r?\n/)
  const escape = /^#\s*escape\s*=\s*`\s*$/im.test(text) ? '`' : '\\'
  const instructions: Instruction[] = []
  for (let index = 0; index < lines.length;) {
    if (isBlankOrComment(lines[index]!)) {
      index += 1
      continue
    }
    const { joined, next } = join(lines, index, escape)
    const [, keyword = '', rest = ''] = /^\s*(\S+)\s*([^]*)$/.exec(joined)!
    instructions.push({ keyword: keyword.toUpperCase(), text: rest.trim(), line: index + 1 })
    index = next
  }
  return instructions
}

/** Joins a line with those that continue it, comments between them left out, and with its here-documents. */
function join(lines: readonly string[], start: number, escape: string): { joined: string; next: number } {
  const parts: string[] = []
  let next = start
  for (let isOpen = true; isOpen && next < lines.length; next += 1) {
    const line = lines[next]!
    if (parts.length > 0 && isBlankOrComment(line)) continue
    isOpen = line.trimEnd().endsWith(escape)
    parts.push(isOpen ? line.trimEnd().slice(0, -1) : line)
  }
  let joined = parts.join(' ')
  for (const [, word] of joined.matchAll(/(?<!<)<<-?\s*["']?([A-Za-z_]\w*)["']?/g)) {
    const end = lines.findIndex((line, index) => index >= next && line.trim() === word)
    if (end === -1) break
    joined += `\n${lines.slice(next, end).join('\n')}`
    next = end + 1
  }
  return { joined, next }
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(#|$)/.test(line)
}
