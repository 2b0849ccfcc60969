/** Where a command writes, and what it runs in. */
export interface Surface {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes a line to the standard output. */
  print(line: string): void
  /** Writes a line to the standard error. */
  complain(line: string): void
  /** Shows on a terminal how far it is, in place of what was shown before; an empty text takes it away. */
  readonly showProgress?: (text: string) => void
  /** Whether a terminal reads the output. */
  readonly isTerminal: boolean
  /** The width of the terminal in characters. */
  readonly columns: number
}

/** What the command line says. */
export interface CommandInput {
  readonly flags: ReadonlySet<string>
  readonly values: Readonly<Record<string, string>>
  readonly operands: readonly string[]
}

/** An option of a command line, as in `node:util` parseArgs, with its help. */
export interface CommandOption {
  readonly type: 'boolean' | 'string'
  /** The name of the value, such as `FILE`. */
  readonly value?: string
  readonly help: string
}

/** One command of `failsoft`. */
export interface Command {
  readonly name: string
  readonly summary: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** The name of the operand, where one is allowed. */
  readonly operand?: string
  /** Runs the command and returns the exit code: 0 fine, 1 works but not as asked, 2 broken. */
  run(input: CommandInput, surface: Surface): Promise<number> | number
}
