import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Process } from '../start/listening.ts'
import { isCertainlyMissing, whyMissing } from './missing-file.ts'
import { hasRun } from './runs.ts'

/** The program that the container starts is in the image. */
export function checkAppFiles(project: Project): Finding[] {
  const processes = project.serving?.processes ?? []
  return processes
    .filter(({ role, workingDirectory }) => role !== 'maybe' && workingDirectory !== undefined)
    .flatMap((process) => [
      ...checkFile(process, project),
      ...checkModule(process, project),
      ...checkAttribute(process, project),
    ])
}

/** `python app.py`, `node server.js` */
function checkFile({ words, workingDirectory, place }: Process, project: Project): Finding[] {
  const [program = '', ...args] = words
  const isInterpreter = /^(?:python[\d.]*|node)$/.test(posix.basename(program))
  const switches = /^-(?:u|B|O|OO|E|s|I)$|^--(?:no-warnings|enable-source-maps|max-old-space-size=\d+)$/
  const name = args.find((arg) => !switches.test(arg ?? ''))
  if (!isInterpreter || name === undefined || !/^[\w./-]+\.(?:py|[cm]?js)$/.test(name)) return []
  const path = posix.resolve(workingDirectory!, name)
  if (name.startsWith('-') || !isCertainlyMissing(path, project)) return []
  // Where the folder holds it, it is known that this is the one that is meant.
  const isHeld = project.folder.files.some((file) => posix.basename(file) === posix.basename(name))
  const values = { path: name, cure: whyMissing(path, project) }
  return [finding('script-missing', place, values, isHeld ? 'error' : 'warning')]
}

interface Application {
  readonly program: string
  readonly module: string
  /** Its first name, without what is called or read on it. */
  readonly name: string
  /** Where the module is looked for. */
  readonly places: readonly string[]
}

/** `uvicorn main:app`, where it looks for the module in its own folder. */
function applicationOf({ words, workingDirectory }: Process): Application | undefined {
  const args = /^python[\d.]*$/.test(posix.basename(words[0] ?? '')) ? words.slice(2) : words
  const program = posix.basename(args[0] ?? '')
  const isMoved = args.some((arg) => /^--(?:app-dir|chdir|pythonpath)/.test(arg ?? '') || arg === undefined)
  const found = args.map((arg) => /^([A-Za-z_][\w.]*):([A-Za-z_]\w*)[\w.()]*$/.exec(arg ?? '')).find(Boolean)
  if (!/^(?:uvicorn|gunicorn|hypercorn)$/.test(program) || isMoved || !found) return undefined
  const base = found[1]!.replaceAll('.', '/')
  const places = [`${base}.py`, `${base}/__init__.py`].map((each) => posix.resolve(workingDirectory!, each))
  return { program, module: found[1]!, name: found[2]!, places }
}

/** Names of modules that no package has at its top. */
const ownNames = /^(?:main|app|server|api|wsgi|asgi)$/

/** A module that the folder has elsewhere, or not at all. */
function checkModule(process: Process, project: Project): Finding[] {
  const { image, folder, locate } = project
  const { environment, place } = process
  const application = applicationOf(process)
  const isInstalled = hasRun(image!, (text) =>
    /\binstall\b[^&;]*\s(?:-e|\.)|uv sync|poetry install|pdm/.test(text),
  )
  if (!application || isInstalled || environment.get('PYTHONPATH') !== null) return []
  const { module, places } = application
  const base = module.replaceAll('.', '/')
  if (places.some((each) => locate(each)) || !isCertainlyMissing(places[0]!, project)) return []
  const elsewhere = folder.files.find((file) => file.endsWith(`/${base}.py`))
  if (elsewhere === undefined) {
    if (!ownNames.test(module)) return []
    const values = { path: places[0]!, cure: whyMissing(places[0]!, project) }
    return [finding('script-missing', place, values, 'warning')]
  }
  const written = elsewhere.slice(0, -3).replaceAll('/', '.')
  return [finding('module-elsewhere', place, { module, elsewhere, written })]
}

/** A module that holds its app under another name than the one that is asked for. */
function checkAttribute(process: Process, { folder, image, locate }: Project): Finding[] {
  const application = applicationOf(process)
  const file = application && locate(application.places[0]!)
  if (!application || file === undefined || locate(application.places[1]!)) return []
  const isChanged = hasRun(image!, (text) => text.includes(posix.basename(file)))
  const { program, module, name } = application
  const text = folder.text(file)
  const other = madeHere.exec(text)?.[1]
  if (other === undefined || isChanged || isOpen.test(text) || new RegExp(`\\b${name}\\b`).test(text))
    return []
  const values = { program, name, file, written: `${module}:${other}` }
  return [finding('attribute-missing', process.place, values)]
}

const madeHere =
  /^(\w+)\s*(?::[^=\n]*)?=\s*(?:\w+\.)?(?:FastAPI|Flask|Starlette|Quart|Sanic|Litestar|get_[aw]sgi_application)\(/m
/** It may get names which it does not write. */
const isOpen = /\bimport\s*\*|__getattr__|\b(?:globals|exec|setattr|vars|locals)\(|sys\.modules/
