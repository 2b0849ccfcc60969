import { posix } from 'node:path'
import { parseObject, type PackageContent } from '../package-file.ts'
import { lineAt } from '../line-at.ts'
import type { Script } from './follow-script.ts'
import type { ContainerFiles, Process } from './listening.ts'

const managers = /^(?:npm|yarn|pnpm|bun)$/
/** Flags that lead to the package.json of another folder. */
export const elsewhere: RegExp =
  /^(?:-ws?|--ws|--workspaces?|--workspace-root|--recursive|--parallel|--filter|-F|-C|--dir|--cwd|workspace|workspaces)(?:=|$)/

/** A script of npm, and the folder in which npm runs it. */
export interface NpmScript extends Script {
  readonly workingDirectory: string
}

/** Finds the script of package.json that `npm start`, `yarn web` and the like run. */
export function findNpmScript(
  { workingDirectory }: Process,
  manager: string,
  args: Process['words'],
  files: ContainerFiles,
): NpmScript | undefined {
  if (!managers.test(manager) || args.some((arg) => arg !== undefined && elsewhere.test(arg)))
    return undefined
  const { folder, operands } = splitPrefix(args)
  const name = scriptName(manager, operands)
  if (name === undefined || folder === undefined || workingDirectory === undefined) return undefined
  const top = posix.resolve(workingDirectory, folder)
  const file = files.locate(posix.join(top, 'package.json'))
  const text = file === undefined ? undefined : files.folder.read(file)
  if (text === undefined) return undefined
  const manifest: PackageContent | undefined = parseObject(text)
  const body = manifest?.scripts?.[name]
  const fallback =
    name === 'start' && files.locate(posix.join(top, 'server.js')) ? 'node server.js' : undefined
  const script = typeof body === 'string' ? body : body === undefined ? fallback : undefined
  if (script === undefined) return undefined
  const key = new RegExp(`"${name.replaceAll(/[^\w-]/g, '.')}"\\s*:`)
  return {
    workingDirectory: top,
    text: script,
    file: file!,
    line: lineAt(text, Math.max(text.search(key), 0)),
  }
}

function splitPrefix(args: Process['words']): { folder: string | undefined; operands: Process['words'] } {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  const prefix = own.indexOf('--prefix')
  const operands = own.filter(
    (arg, index) => !arg?.startsWith('-') && (prefix === -1 || index !== prefix + 1),
  )
  return { folder: prefix === -1 ? '.' : own[prefix + 1], operands }
}

function scriptName(manager: string, operands: Process['words']): string | undefined {
  const [first = manager === 'bun' ? '' : 'start', second] = operands
  if (/^(?:run|run-script)$/.test(first)) return second
  return manager === 'npm' && !/^(?:start|test|stop|restart)$/.test(first) ? undefined : first
}
