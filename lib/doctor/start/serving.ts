import { posix } from 'node:path'
import type { StageState } from '../dockerfile/stage-state.ts'
import { pathOf } from './container-path.ts'
import { readDotnet } from './dotnet.ts'
import { changes, namePattern, textsOfStart } from './changes.ts'
import { answerGo } from './go-program.ts'
import { readGunicorn } from './gunicorn.ts'
import type { Answer, Container, ContainerFiles, Listening, Process } from './listening.ts'
import { answerNode } from './node-program.ts'
import { findProcesses } from './processes.ts'
import { answerPython } from './python-program.ts'
import { readKnown } from './read-known.ts'
import { readR } from './read-r.ts'
import { silentPrograms } from './silent-programs.ts'
import { answerSource } from './source-program.ts'
import { readSpring } from './spring.ts'
import { readApache } from './web-servers/apache.ts'
import { readCaddy } from './web-servers/caddy.ts'
import { readNginx } from './web-servers/nginx.ts'

/** What the container starts, and where that listens. */
export interface Serving {
  readonly processes: readonly Process[]
  readonly servers: readonly Listening[]
  /** Whether nothing else may listen. */
  readonly isComplete: boolean
  /** The sources of the programs that are started, where they are in the folder. */
  readonly sources: readonly string[]
}

/** Finds where the container listens. */
export function findServers(image: StageState, files: ContainerFiles): Serving {
  // What the build or the start changes is not followed: the folder holds another text.
  const without = (startTexts: readonly string[]): ContainerFiles => ({
    ...files,
    locate: (path) => {
      const file = files.locate(path)
      return file !== undefined && changes({ image, startTexts }, namePattern(path)) ? undefined : file
    },
  })
  const first = findProcesses(image, without([])) ?? []
  const startTexts = textsOfStart(image, first, files)
  const processes = findProcesses(image, without(startTexts)) ?? []
  const container: Container = { ...files, image, sources: [], startTexts }
  const answers = processes.map((process) => ({ process, answer: answer(process, container) }))
  const servers = answers.flatMap((each) => (typeof each.answer === 'string' ? [] : each.answer))
  const isKnown = answers.every((each) => each.answer !== 'unknown' || each.process.role === 'before')
  return { processes, servers, isComplete: isKnown && servers.length > 0, sources: container.sources }
}

type Reader = (args: Process['words'], process: Process, container: Container) => Answer

/** Programs that are not told where to listen by their words alone. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^python[\d.]*$/, answerPython],
  [/^(?:node|nodejs|tsx|ts-node|bun|deno|nodemon|pm2-runtime)$/, answerNode],
  [/^gunicorn$/, readGunicorn],
  [/^nginx$/, readNginx],
  [/^(?:apache2-foreground|httpd-foreground|apache2ctl|apachectl)$/, readApache],
  [/^caddy$/, readCaddy],
  [/^java$/, readSpring],
  [/^dotnet$/, readDotnet],
  [/^(?:R|Rscript)$/, readR],
]

function answer(process: Process, container: Container): Answer {
  const [program, ...args] = process.words
  if (program === undefined) return 'unknown'
  const name = posix.basename(program)
  const reader = readers.find(([pattern]) => pattern.test(name))?.[1]
  if (reader) return reader(args, process, container)
  if (name === 'php' && posix.basename(args[0] ?? '') === 'artisan')
    return readKnown('artisan', args.slice(1), process, container)!
  const known = readKnown(name, args, process, container)
  if (known) return known
  if (silentPrograms.has(name)) return 'none'
  const path = pathOf(program, process, container)
  const isPython = path?.endsWith('.py') || (path && /^#!.*\bpython/.test(container.folder.text(path)))
  if (isPython) return answerSource(path!, args, process, container)
  return path === undefined ? answerGo(program, container) : 'unknown'
}
