/**
 * What runs Node.js without what counts its lines, as a user's machine does.
 *
 * @returns a command and its arguments, as `spawn` and its kin take them.
 */
export function plainNode(...args: readonly string[]): [command: string, args: string[]] {
  return uncounted(process.execPath, ...args)
}

/** The same for any Node.js. */
export function uncounted(node: string, ...args: readonly string[]): [command: string, args: string[]] {
  return ['/usr/bin/env', ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE', node, ...args]]
}

/** The same, counted. */
export function countedNode(...args: readonly string[]): [command: string, args: string[]] {
  return [process.execPath, [...args]]
}
