/**
 * What runs Node.js without the loader that the runner of the tests hands to every child. A child starts in a third of the
 * processor time with it; its lines are not counted.
 *
 * @returns a command and its arguments, as `spawn` and its kin take them.
 */
export function plainNode(...args: readonly string[]): [command: string, args: string[]] {
  return ['/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, ...args]]
}

/** The same with the loader: the child's lines are counted. */
export function countedNode(...args: readonly string[]): [command: string, args: string[]] {
  return [process.execPath, [...args]]
}
