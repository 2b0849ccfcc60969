import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Process } from '../start/listening.ts'
import { isCertainlyMissing, whyMissing } from './missing-file.ts'
import { checkAttribute, checkModule, checkPackage, isPythonModule } from './python-modules.ts'

/** The program that the container starts is in the image. */
export function checkAppFiles(project: Project): Finding[] {
  const processes = project.serving?.processes ?? []
  return processes
    .filter(({ role, workingDirectory }) => role !== 'maybe' && workingDirectory !== undefined)
    .flatMap((process) =>
      [
        ...checkFile(process, project),
        ...checkModule(process, project),
        ...checkPackage(process, project),
        ...checkAttribute(process, project),
      ].map((each) => tolerated(each, process)),
    )
}

/** Where the script goes on without it, the server may start all the same. */
function tolerated(found: Finding, { isTolerated }: Process): Finding {
  return isTolerated === true && found.severity === 'error' ? { ...found, severity: 'warning' } : found
}

/** What the container starts is in the image: `python app.py`, `node server.js`, `streamlit run app.py`. */
function checkFile({ words, workingDirectory, place }: Process, project: Project): Finding[] {
  const name = fileOf(words)
  if (name === undefined) return []
  const path = posix.resolve(workingDirectory!, name)
  // tsx finds index.ts where index.js is asked for.
  const isWritten = project.locate(path.replace(/js$/, 'ts')) !== undefined
  if (isWritten || !isCertainlyMissing(path, project)) return []
  // Where the folder holds it, it is known that this is the one that is meant.
  const isHeld = project.folder.files.some((file) => posix.basename(file) === posix.basename(name))
  const values = { path: name, cure: whyMissing(path, project) }
  return [finding('script-missing', place, values, isHeld ? 'error' : 'warning')]
}

/** Programs that are given the file to run, and the words that may come before it. */
const runners: Readonly<Record<string, readonly string[]>> = {
  streamlit: ['run'],
  fastapi: ['run', 'dev'],
  chainlit: ['run'],
  panel: ['serve'],
  tsx: [],
  'ts-node': [],
  bun: ['run'],
}
const switches = /^-(?:u|B|O|OO|E|s|I)$|^--(?:no-warnings|enable-source-maps|max-old-space-size=\d+)$/
const source = /^[\w./][\w./-]*\.(?:py|[cm]?[jt]s)$/

function fileOf(words: Process['words']): string | undefined {
  const [program = '', ...args] = isPythonModule(words) ? words.slice(2) : words
  const name = posix.basename(program)
  if (/^(?:python[\d.]*|node)$/.test(name)) {
    const first = args.find((arg) => !switches.test(arg ?? ''))
    return first !== undefined && source.test(first) ? first : undefined
  }
  const verbs = Object.hasOwn(runners, name) ? runners[name]! : undefined
  if (!verbs || (verbs.length > 0 && !verbs.includes(args[0] ?? ''))) return undefined
  if (args.some((arg) => /^(?:--(?:cwd|dir|filter)(?:=|$)|-F$)/.test(arg ?? ''))) return undefined
  // What follows an option may be its value.
  return args.find((arg, index) => source.test(arg ?? '') && !/^-[^=]*$/.test(args[index - 1] ?? ''))
}
