import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a program to its end. */
export const execute: typeof execFile.__promisify__ = promisify(execFile)

/** The folder of failsoft itself. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url))

/** How a program ended, and what it wrote. */
export interface Run {
  readonly code: number
  readonly out: string
}

/** An empty project of a user. */
export interface Project {
  readonly folder: string
  /** Writes a file, as text or as JSON. */
  write(name: string, content: string | object): void
  /** Runs Node.js in it, with nothing but these variables. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Run>
  /** Runs a command of the shell in it, where the programs of its packages are at hand, with nothing but these variables. */
  shell(command: string, env?: Readonly<Record<string, string>>): Promise<Run>
  /** Adds packages from npm's cache, else from the registry. It runs no install script. */
  install(packages: readonly string[]): Promise<Run>
  /** Brings the native part of a package along, which was built for this Node.js already. */
  takeNativePart(name: string): void
  remove(): void
}

async function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  try {
    // The programs are other people's: they run without the hooks of the test runner.
    const bare = ['-u', 'NODE_OPTIONS', file, ...args]
    const { stdout, stderr } = await execute('env', bare, { cwd, env, timeout: 400_000 })
    return { code: 0, out: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout + stderr }
  }
}

/** Makes an empty project. */
export function newProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'failsoft-user-'))
  const write = (name: string, content: string | object): void =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  write('package.json', { name: 'user', version: '1.0.0', private: true, type: 'module' })
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
  return {
    folder,
    write,
    node: (args, env = {}) => run(process.execPath, args, folder, { PATH: process.env['PATH'], ...env }),
    shell: (command, env = {}) => {
      const PATH = `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}`
      return run('sh', ['-c', command], folder, { ...outsideTap(), PATH, ...env })
    },
    install: (packages) => run('npm', ['install', ...flags, ...packages], folder, outsideTap()),
    takeNativePart(name) {
      const part = join('node_modules', name, 'build')
      cpSync(join(root, part), join(folder, part), { recursive: true })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The environment without what npm and tap tell their children. */
export function outsideTap(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !/^(?:npm_|TAP|_TAP|NODE_)/.test(name))
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}
