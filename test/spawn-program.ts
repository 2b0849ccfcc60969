import t, { Spawn } from 'tap'

/**
 * Runs a program of tests without the runner's loader: it costs each process a second of processor time, and what some of them start
 * does not run under it.
 *
 * @param countedIn - the folder where the program notes which lines ran. Default: it does not.
 */
export function spawnProgram(name: string, args: readonly string[], countedIn = ''): void {
  const bare = ['-u', 'NODE_OPTIONS', `NODE_V8_COVERAGE=${countedIn}`, process.execPath]
  void t.sub(Spawn, {
    command: '/usr/bin/env',
    args: [...bare, '--enable-source-maps', ...args],
    name,
    timeout: 900_000,
    buffered: true,
  })
}
