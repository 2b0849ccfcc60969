import { posix } from 'node:path'
import { readRunCommands } from '../dockerfile/run-commands.ts'
import { finding, type Finding, type Place } from '../finding.ts'
import type { Project } from '../project.ts'
import { unwrap } from '../start/wrappers.ts'
import { isCertainlyMissing, whyMissing } from './missing-file.ts'
import { hasRun } from './runs.ts'
import { checkLineEnds, hasMark } from './script-bytes.ts'

/** A script that the container starts is there, and can be started. */
export function checkStartScript(project: Project): Finding[] {
  const { image } = project
  const form = image?.entrypoint ?? image?.cmd
  if (!image || !form || form.line === image.stage.line) return []
  const place = { file: 'Dockerfile', line: form.line }
  const found = startsOf(project).flatMap((words) => checkStart(words, isBare(project), place, project))
  return [...checkShell(form.kind === 'list' ? form.words : [], place, project), ...found]
}

/** Whether the kernel alone starts it: a shell, and what looks for programs as one does, runs a script without #! itself. */
function isBare({ image }: Project): boolean {
  const { entrypoint, cmd, base } = image!
  const form = entrypoint ?? cmd
  if (form?.kind !== 'list' || isShell(unwrap(form.words).words[0])) return false
  const hasScript = !entrypoint && base !== undefined && startsWithShell.test(base.name)
  const isWrapped = /^(?:tini|dumb-init|env|nice|nohup|timeout)$/.test(posix.basename(form.words[0] ?? ''))
  return !hasScript && !(isWrapped && base?.isAlpine === false)
}

/** Images whose own entry point is a script of a shell, which runs the command. */
const startsWithShell = /^(?:node|oven\/bun|nginx|nginxinc\/.*|php|maven|eclipse-temurin|nvidia\/cuda)$/

function checkShell([program, ...args]: readonly string[], place: Place, project: Project): Finding[] {
  const image = project.image!.baseName
  if (posix.basename(program ?? '') !== 'bash' || !lacksBash(project)) return []
  const path = args.find((arg) => !arg.startsWith('-')) ?? 'The command'
  return [finding('script-shell-missing', place, { path, shell: 'bash', image })]
}

/** Alpine has sh alone. */
function lacksBash(project: Project): boolean {
  return project.image!.base?.isAlpine === true && !isTouched(/\bbash\b/, project)
}

/** The words of each command that the container certainly starts. */
function startsOf({ image }: Project): readonly (readonly (string | undefined)[])[] {
  const { entrypoint, cmd, environment, workingDirectory } = image!
  const form = entrypoint ?? cmd!
  const more = entrypoint?.kind === 'list' && cmd?.kind === 'list' ? cmd.words : []
  const words = form.kind === 'list' ? unwrap([...form.words, ...more]).words : []
  const flag = isShell(words[0]) && /^-\w*c$/.test(words[1] ?? '') ? words[2] : undefined
  const text = form.kind === 'list' ? flag : form.text
  if (text === undefined) return form.kind === 'list' ? [words] : []
  const instruction = { keyword: 'CMD', flags: {}, text, hasHeredoc: false, line: form.line }
  const commands = readRunCommands(instruction, { environment, workingDirectory }) ?? []
  return commands
    .filter((command) => command.isCertain && command.workingDirectory === workingDirectory)
    .map((command) => unwrap(command.words).words)
}

function isShell(program: string | undefined): boolean {
  return /^(?:ba|da|a)?sh$/.test(posix.basename(program ?? ''))
}

function checkStart(
  [program, first]: readonly (string | undefined)[],
  isList: boolean,
  place: Place,
  project: Project,
): Finding[] {
  const isDirect = !(isShell(program) && first && !first.startsWith('-'))
  const name = isDirect ? program : first
  const { workingDirectory } = project.image!
  const found = isDirect && name !== undefined && !name.includes('/') ? onPath(name, project) : undefined
  if (found) return checkFile(found.file, { isDirect, isList, place, started: found.path }, project)
  if (!name || !(name.includes('/') || (!isDirect && name.endsWith('.sh')))) return []
  if (workingDirectory === undefined && !name.startsWith('/')) return []
  const path = posix.resolve(workingDirectory ?? '/', name)
  const file = project.locate(path)
  if (file !== undefined) return checkFile(file, { isDirect, isList, place, started: name }, project)
  if (!name.endsWith('.sh') || !isCertainlyMissing(path, project)) return []
  const values = { path: name.replace(/^\.\//, ''), cure: whyMissing(path, project) }
  return [finding('script-missing', place, values)]
}

/** A program of the folder that was copied to where programs are looked for. */
function onPath(name: string, { locate }: Project): { file: string; path: string } | undefined {
  for (const folder of ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']) {
    const path = posix.join(folder, name)
    const file = locate(path)
    if (file !== undefined) return { file, path }
  }
  return undefined
}

interface Start {
  readonly isDirect: boolean
  readonly isList: boolean
  readonly place: Place
  /** As the command names it. */
  readonly started: string
}

const interpreters: Readonly<Record<string, string>> = { '.py': 'python', '.js': 'node', '.mjs': 'node' }

function checkFile(path: string, { isDirect, isList, place, started }: Start, project: Project): Finding[] {
  const { folder, image } = project
  const text = folder.read(path)
  if (text === undefined) return []
  const firstLine = text.split('\n', 1)[0]!
  const found = checkLineEnds(path, text, project)
  if (!isDirect) return found
  if (folder.isExecutable(path) === false && !isMarked(path, started, project))
    found.push(
      finding('script-not-executable', place, {
        path,
        started,
        program: interpreters[posix.extname(path)] ?? 'sh',
      }),
    )
  if (isList && hasMark(path, project))
    found.push(finding('script-byte-order-mark', { file: path, line: 1 }, { path }))
  else if (isList && !firstLine.startsWith('#!') && path.endsWith('.sh'))
    found.push(finding('script-without-shebang', { file: path, line: 1 }, { path }))
  const needsBash = /^#!\s*\S*(?:\/|\s)bash\b/.test(firstLine)
  if (needsBash && lacksBash(project)) {
    const values = { path, shell: 'bash', image: image!.baseName }
    found.push(finding('script-shell-missing', { file: path, line: 1 }, values))
  }
  return found
}

function isTouched(pattern: RegExp, { image }: Project): boolean {
  return hasRun(image!, (text) => pattern.test(text))
}

/** Whether the Dockerfile makes a file executable. */
function isMarked(path: string, started: string, project: Project): boolean {
  const { image } = project
  const base = posix.basename(path)
  const isCopied = image!.copies.some(
    ({ instruction, sources }) =>
      /^(?:[0-7]*[1357][0-7]{2}|.*x)/.test(instruction.flags['chmod'] ?? '') &&
      !sources.every((source) => /^[^*?[]*\.\w+$/.test(source) && posix.basename(source) !== base),
  )
  const marks = (command: string): boolean =>
    /\bchmod\b/.test(command) &&
    !/\bchmod\s+(?:-\w+\s+)*(?:0?[0246]{3}\s|[ugoa]*-x)/.test(command) &&
    (command.includes(base) ||
      command.includes(posix.basename(started)) ||
      /chmod\s+(?:-R\s+)?\S+\s+(?:\S*\/)?(?:\*|\.|\$|\{\})/.test(command) ||
      /chmod\s+-R|xargs\b.*chmod/.test(command))
  return (
    isCopied ||
    isTouched(/\binstall\b[^&|;]*-m/, project) ||
    hasRun(image!, (text) => text.split(/&&|;|\n/).some(marks))
  )
}
