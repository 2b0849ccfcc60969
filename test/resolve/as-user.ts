import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The user of a Hugging Face Space, who may do little. */
export const userId = 1000

const lib = new URL('../../dist/', import.meta.url).href

/**
 * Runs a script as an ordinary user and returns what it prints. In the script, `lib(path)` is the URL of a module of the library, and
 * `cwd` the directory that it runs in.
 */
export function asUser(cwd: string, script: string): unknown {
  const source = `
    const lib = (path) => ${JSON.stringify(lib)} + path
    const cwd = ${JSON.stringify(cwd)}
    const print = (value) => process.stdout.write(JSON.stringify(value))
    ${script}`
  const id = String(userId)
  const become = ['--reuid', id, '--regid', id, '--clear-groups', process.execPath]
  const args = [...become, '--input-type=module', '--eval', source]
  const env = { PATH: process.env['PATH'] }
  return JSON.parse(
    execFileSync('setpriv', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

/** A directory that other users may enter, and that is gone after the test. */
export function openDirectory(t: { teardown(clean: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-test-'))
  chmodSync(directory, 0o755)
  t.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }))
  return directory
}

/** Mounts something for the time of a test; it throws where mounting is not allowed. */
export function mount(t: { teardown(clean: () => void): void }, command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' })
  t.teardown(() => execFileSync('umount', ['--lazy', args.at(-1)!]))
}

function works(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

/** Whether this process may become another user, who may read the library. */
export const canChangeUser: boolean =
  process.getuid?.() === 0 && works(() => asUser('/', `await import(lib('resolve/mounts.js')); print(true)`))

/** Whether this process may mount file systems, with the command that does it. */
export function canMount(command: string, ...args: string[]): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-test-'))
  const mounted = works(() => execFileSync(command, [...args, directory], { stdio: 'ignore' }))
  if (mounted) execFileSync('umount', ['--lazy', directory])
  rmSync(directory, { recursive: true, force: true })
  return mounted
}
