import { posix } from 'node:path'
import { findPythonServers } from '../source/python.ts'
import { fileAt } from './container-path.ts'
import { readGunicorn } from './gunicorn.ts'
import type { Answer, Container, Process } from './listening.ts'
import { readKnown } from './read-known.ts'
import { answerOf, answerSource, withDotenv } from './source-program.ts'

type Words = Process['words']

/** `python app.py`, `python -m module`, `python -c program`. */
export function answerPython(args: Words, process: Process, container: Container): Answer {
  let index = 0
  while (args[index]?.startsWith('-') && !/^-[mc]$/.test(args[index]!))
    index += /^-[WX]$/.test(args[index]!) ? 2 : 1
  const [first, ...rest] = args.slice(index)
  if (first === undefined) return 'unknown'
  if (first === '-m') return answerModule(rest, process, container)
  if (first === '-c') return answerText(rest[0], process, container)
  if (posix.basename(first) === 'manage.py') return readKnown('manage.py', rest, process, container)!
  const path = fileAt(first, process, container)
  return path ? answerSource(path, rest, process, container) : 'unknown'
}

function answerModule([module, ...args]: Words, process: Process, container: Container): Answer {
  if (module === undefined) return 'unknown'
  if (/^(?:pip|alembic|venv|ensurepip|compileall|spacy)$/.test(module)) return 'none'
  if (/^gunicorn(?:\.app\.wsgiapp)?$/.test(module)) return readGunicorn(args, process, container)
  const known = readKnown(module, args, process, container)
  if (known) return known
  const base = module.replaceAll('.', '/')
  const path = [`${base}.py`, `${base}/__main__.py`]
    .map((each) => fileAt(each, process, container))
    .find(Boolean)
  return path ? answerSource(path, args, process, container) : 'unknown'
}

/** `python -c`: what stands in the Dockerfile itself. */
function answerText(text: string | undefined, process: Process, container: Container): Answer {
  if (text === undefined) return 'unknown'
  const found = findPythonServers(text, withDotenv(process, text, container), [])
  return answerOf(found, () => process.place, process)
}
