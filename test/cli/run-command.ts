import { run } from '#lib/cli/run.js'

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the program in this process, in a folder, with nothing but these variables. */
export async function runCommand(
  argv: readonly string[],
  { env = {}, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const before = process.cwd()
  process.chdir(cwd)
  try {
    const code = await run(argv, {
      env,
      print: (line) => void out.push(`${line}\n`),
      complain: (line) => void err.push(`${line}\n`),
      isTerminal: false,
      columns: 80,
    })
    return { code, out: out.join(''), err: err.join('') }
  } finally {
    process.chdir(before)
  }
}
