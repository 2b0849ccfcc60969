import { posix } from 'node:path'
import { pathOf } from './container-path.ts'
import { followScript, type Script } from './follow-script.ts'
import type { ContainerFiles, Process } from './listening.ts'
import { findNpmScript } from './npm-scripts.ts'
import { followManager } from './process-managers.ts'
import { unwrap } from './wrappers.ts'

/** Flags of `uv run`, `conda run`, `env` and `npm exec` that lead to another folder. */
const leads = /^(?:--(?:directory|cwd|chdir|dir|workspace|filter)(?:=|$)|-[CwF]$)/

const deepest = 12

/** Follows a command through what only starts others: shells, scripts, npm, managers of processes. */
export function follow(process: Process, files: ContainerFiles, depth = 0): readonly Process[] {
  const next = (each: Process): readonly Process[] => follow(each, files, depth + 1)
  const own = depth > deepest ? undefined : ownScript(process, files)
  if (own) return followScript(own, process, process.words.slice(1), next)
  const { words, assign } = unwrap(process.words)
  const taken = process.words.slice(0, process.words.length - words.length)
  const isMoved = taken.some((word) => leads.test(word ?? ''))
  const inner: Process = {
    ...process,
    words,
    environment: assign(process.environment),
    ...(isMoved ? { workingDirectory: undefined } : {}),
  }
  const [program, ...args] = words
  if (program === undefined || depth > deepest) return [inner]
  if (words.length < process.words.length) return next(inner)
  const name = posix.basename(program)
  if (/^(?:ba|da|a|z)?sh$/.test(name)) return followShell(inner, args, files, next)
  const script = findNpmScript(inner, name, args, files)
  if (script) {
    const separator = args.indexOf('--')
    const there = { ...inner, workingDirectory: script.workingDirectory }
    return followScript(script, there, separator === -1 ? [] : args.slice(separator + 1), next)
  }
  return followManager(name, args, inner, files, next) ?? [inner]
}

/** A shell script of the folder, by the name of the program. */
function ownScript(process: Process, files: ContainerFiles): Script | undefined {
  const [program] = process.words
  const file = program === undefined ? undefined : pathOf(program, process, files)
  const text = file === undefined ? undefined : files.folder.read(file)
  return text !== undefined && isShellScript(file!, text) ? scriptOf(text, file!) : undefined
}

function isShellScript(path: string, text: string): boolean {
  return text.startsWith('#!') ? /^#!.*\b(?:ba|da|a)?sh\b/.test(text) : /\.(?:sh|bash)$/.test(path)
}

function scriptOf(text: string, file: string): Script {
  return { text: text.replaceAll('\r\n', '\n'), file, line: 1 }
}

function followShell(
  process: Process,
  args: Process['words'],
  files: ContainerFiles,
  next: (process: Process) => readonly Process[],
): readonly Process[] {
  const flag = args.findIndex((arg) => arg !== undefined && /^-\w*c\w*$/.test(arg))
  if (flag !== -1) {
    const text = args[flag + 1]
    return text === undefined
      ? [process]
      : followScript({ text, ...process.place }, process, args.slice(flag + 3), next)
  }
  const index = args.findIndex((arg) => !arg?.startsWith('-'))
  const name = args[index]
  if (name === undefined || process.workingDirectory === undefined) return [process]
  const file = files.locate(posix.resolve(process.workingDirectory, name))
  const text = file === undefined ? undefined : files.folder.read(file)
  return text === undefined
    ? [process]
    : followScript(scriptOf(text, file!), process, args.slice(index + 1), next)
}
