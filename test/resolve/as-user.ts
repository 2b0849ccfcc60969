import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The user of a Hugging Face Space, who may do little. */
export const userId = 1000

/** Whether this process may become another user. */
export const canChangeUser: boolean = process.getuid?.() === 0 && works('setpriv', ['--version'])

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const lib = new URL('../../dist/', import.meta.url).href

/** A directory that other users may enter; the caller removes it. */
export function openDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-test-'))
  chmodSync(directory, 0o755)
  return directory
}

/**
 * Runs a script as an ordinary user in a directory and returns what it prints. In the script, `lib(path)` is the URL of a module of
 * the library and `cwd` the directory.
 */
export function asUser(cwd: string, script: string, modes: Record<string, number> = {}): unknown {
  for (const [name, mode] of Object.entries(modes)) chmodSync(join(cwd, name), mode)
  const source = `
    const lib = (path) => ${JSON.stringify(lib)} + path
    const cwd = ${JSON.stringify(cwd)}
    const print = (value) => process.stdout.write(JSON.stringify(value))
    ${script}`
  const id = String(userId)
  const become = ['--reuid', id, '--regid', id, '--clear-groups', process.execPath]
  const args = [...become, '--input-type=module', '--eval', source]
  const env = { PATH: process.env['PATH'], NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'] }
  return JSON.parse(execFileSync('setpriv', args, { cwd, env, encoding: 'utf8' })) as unknown
}

/** Makes a directory's parents enterable for everybody, as far as they belong to the test. */
export function letEnter(directory: string, top: string): void {
  for (let path = directory; path.startsWith(top) && path !== top; path = dirname(path))
    chmodSync(path, 0o755)
}

/** Removes what a test made. */
export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url))
