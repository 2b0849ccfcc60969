import t, { Spawn } from 'tap'

type Parser = Spawn['parser']

const programs: Promise<readonly string[]>[] = []

/**
 * Runs a program of tests without the runner's loader: it costs each process a second of processor time, and what some of them start
 * does not run under it.
 *
 * @param countedIn - the folder where the program notes which lines ran. Default: it does not.
 */
export function spawnProgram(name: string, args: readonly string[], countedIn = ''): void {
  const bare = ['-u', 'NODE_OPTIONS', `NODE_V8_COVERAGE=${countedIn}`, process.execPath]
  const program = t.sub(Spawn, {
    command: '/usr/bin/env',
    args: [...bare, '--enable-source-maps', ...args],
    name,
    timeout: 900_000,
    buffered: true,
  })
  const failed: string[] = []
  if (program.subtest) noteFailures(program.subtest.parser, failed)
  programs.push(program.then((results) => (results?.ok || failed.length > 0 ? failed : [name])))
}

/** Names at the end what failed, which stands among tens of thousands of lines. */
export async function nameFailures(): Promise<void> {
  for (const failed of await Promise.all(programs)) for (const name of failed) t.comment(`failed: ${name}`)
}

function noteFailures(parser: Parser, failed: string[]): void {
  parser.on('child', (child) => noteFailures(child, failed))
  parser.on('assert', ({ ok, skip, todo, closingTestPoint, fullname }) => {
    if (!ok && !skip && !todo && !closingTestPoint) failed.push(fullname)
  })
}
