import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { findServerRows } from '../start/server-table.ts'
import type { Process } from '../start/listening.ts'
import type { PythonInstall } from './python-installs.ts'
import type { Run } from './runs.ts'

/** What may put a program on PATH in another way: scripts may do anything. */
const brings =
  /\b(?:conda|pipx|uv|poetry|pdm|ln|cp|mv|apt|apt-get|make|PATH|profile|bashrc)\b|\.sh\b|python[\d.]*\s+[^-\s]|virtualenvwrapper|(?:^|[;&|(])\s*install\s|install\s[^&;|]*(?:-t|--target|--prefix|-e|\.)(?:\s|=|$)/m

/** What is installed in an environment of Python alone is found only where that is on PATH. */
export function checkEnvironment(
  { words: [program], place }: Process,
  installs: readonly PythonInstall[],
  { image }: Project,
): Finding[] {
  const { base, steps, settings, copies, entrypoint, cmd } = image!
  // A stage before may be what the last one is built on.
  const own = installs.filter(({ run }) =>
    steps.some(({ instruction }) => instruction === run.step.instruction),
  )
  const folders = own.map(({ run }) => environmentOf(run))
  const [folder] = folders
  const isReadable = steps.every(({ instruction, commands }) => instruction.keyword !== 'RUN' || commands)
  const runs = steps.map(({ instruction: { keyword, text } }) => (keyword === 'RUN' ? text : '')).join('\n')
  const start = [entrypoint, cmd].map((form) => (form?.kind === 'list' ? form.words.join(' ') : form?.text))
  if (
    base?.name !== 'python' ||
    folder === undefined ||
    !folders.every((each) => each === folder) ||
    !program ||
    program.includes('/') ||
    !findServerRows(program) ||
    place.file !== 'Dockerfile' ||
    settings.has('PATH') ||
    !isReadable ||
    brings.test(runs) ||
    /activate|PATH/.test(start.join(' ')) ||
    copies.some(({ from }) => from !== undefined)
  )
    return []
  const values = { program, folder, cure: `write CMD ["${folder}/${program}", …]` }
  return [finding('program-not-on-path', place, values)]
}

/** The folder with the programs of the environment that a command installs into; nothing where it is none, or not known. */
function environmentOf({
  words: [program = ''],
  before,
  workingDirectory,
  isCertain,
  hasSudo,
}: Run): string | undefined {
  if (workingDirectory === undefined || !isCertain || hasSudo) return undefined
  const activated = /(?:^|[;&|]\s*)(?:\.|source)\s+(\S+)\/activate\s*(?:&&|;)(?!.*\bdeactivate\b)/s.exec(
    before,
  )?.[1]
  const folder = program.includes('/') ? posix.dirname(program) : activated
  return folder === undefined || /[$"']|^\/(?:usr|bin|root)\b/.test(folder)
    ? undefined
    : posix.resolve(workingDirectory, folder)
}
