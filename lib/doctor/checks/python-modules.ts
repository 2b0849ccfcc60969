import { posix } from 'node:path'
import type { Environment } from '../environment.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Process } from '../start/listening.ts'
import { isCertainlyMissing, whyMissing } from './missing-file.ts'
import { hasRun } from './runs.ts'

/** A module that the container starts. */
interface Module {
  readonly program: string
  readonly module: string
  /** The first name that is asked of it, without what is called or read on it. */
  readonly name?: string
  /** Where the module is looked for. */
  readonly places: readonly string[]
}

/** Whether Python runs a module: `python -m uvicorn`. */
export function isPythonModule(words: Process['words']): boolean {
  return /^python[\d.]*$/.test(posix.basename(words[0] ?? '')) && words[1] === '-m'
}

/** `python -m web.app`. */
function ownModuleOf({ words, workingDirectory }: Process): Module | undefined {
  const module = isPythonModule(words) ? words[2] : undefined
  if (module === undefined || !/^[A-Za-z_][\w.]*$/.test(module)) return undefined
  const base = module.replaceAll('.', '/')
  const places = [`${base}.py`, `${base}/__main__.py`].map((each) => posix.resolve(workingDirectory!, each))
  return { program: 'python', module, places }
}

/** `uvicorn main:app`, where it looks for the module in its own folder. */
function applicationOf(
  { words, workingDirectory, environment }: Process,
  project: Project,
): Module | undefined {
  const args = isPythonModule(words) ? words.slice(2) : words
  const program = posix.basename(args[0] ?? '')
  const isMoved = args.some(
    (arg) => /^--(?:app-dir|chdir|pythonpath|config)|^-c$/.test(arg ?? '') || arg === undefined,
  )
  const named = args.flatMap((arg, index) => {
    const match = /^([A-Za-z_][\w.]*):([A-Za-z_]\w*)[\w.()]*$/.exec(arg ?? '')
    return match ? [{ match, isValue: /^-[^=]*$/.test(args[index - 1] ?? '') }] : []
  })
  // What follows an option may be its value.
  const found = (named.find(({ isValue }) => !isValue) ?? named[0])?.match
  if (!/^(?:uvicorn|gunicorn|hypercorn)$/.test(program) || !found) return undefined
  if (isMoved || isConfigured(workingDirectory!, environment, project)) return undefined
  const base = found[1]!.replaceAll('.', '/')
  const places = [`${base}.py`, `${base}/__init__.py`].map((each) => posix.resolve(workingDirectory!, each))
  return { program, module: found[1]!, name: found[2]!, places }
}

/** Whether a variable or the configuration of gunicorn may lead to another folder. */
function isConfigured(
  workingDirectory: string,
  environment: Environment,
  { folder, locate }: Project,
): boolean {
  const file = locate(posix.join(workingDirectory, 'gunicorn.conf.py'))
  const isMoved = file !== undefined && /\bchdir\b|\bpythonpath\b|sys\.path/.test(folder.text(file))
  return isMoved || ['GUNICORN_CMD_ARGS', 'UVICORN_APP_DIR'].some((name) => environment.get(name) !== null)
}

function moduleOf(process: Process, project: Project): Module | undefined {
  return applicationOf(process, project) ?? ownModuleOf(process)
}

/** Names of modules that no package has at its top. */
const ownNames = /^(?:main|app|server|api|wsgi|asgi)$/

/** A module that the folder has elsewhere, or not at all. */
export function checkModule(process: Process, project: Project): Finding[] {
  const { image, folder, locate } = project
  const { environment, place } = process
  const application = moduleOf(process, project)
  const isInstalled = hasRun(image!, (text) =>
    /\binstall\b[^&;]*\s(?:-e|\.)|uv sync|poetry install|pdm/.test(text),
  )
  if (!application || isInstalled || environment.get('PYTHONPATH') !== null) return []
  const { module, places } = application
  const base = module.replaceAll('.', '/')
  if (places.some((each) => locate(each)) || !isCertainlyMissing(places[0]!, project)) return []
  const elsewhere = folder.files.find((file) => file.endsWith(`/${base}.py`))
  if (hasPackage(application, process, project)) return []
  if (elsewhere === undefined) {
    if (!ownNames.test(module)) return []
    const values = { path: places[0]!, cure: whyMissing(places[0]!, project) }
    return [finding('script-missing', place, values, 'warning')]
  }
  const written = elsewhere.slice(0, -3).replaceAll('/', '.')
  return [finding('module-elsewhere', place, { module, elsewhere, written })]
}

/** The folder holds the package, which is the one that Python takes, and it lacks the module. */
export function checkPackage(process: Process, project: Project): Finding[] {
  const found = moduleOf(process, project)
  if (!found || !hasPackage(found, process, project)) return []
  const compiled = new RegExp(`(?:^|/)${found.module.replaceAll('.', '/')}\\.[^/]*(?:so|pyd|pyc|pyx)$`)
  const isMissing = found.places.every((path) => isCertainlyMissing(path, project))
  if (!isMissing || project.folder.files.some((file) => compiled.test(file))) return []
  const path = found.places[0]!
  return [finding('script-missing', process.place, { path, cure: whyMissing(path, project) })]
}

/** Whether the first part of a module's name is a package of the folder that takes no parts from elsewhere. */
function hasPackage({ module }: Module, { workingDirectory }: Process, project: Project): boolean {
  const [top, ...rest] = module.split('.')
  const file = project.locate(posix.resolve(workingDirectory!, top!, '__init__.py'))
  return (
    rest.length > 0 &&
    file !== undefined &&
    !/__path__|declare_namespace|import_module|sys\.modules/.test(project.folder.text(file))
  )
}

/** A module that holds its app under another name than the one that is asked for. */
export function checkAttribute(process: Process, project: Project): Finding[] {
  const { folder, image, locate } = project
  const application = applicationOf(process, project)
  const file = application && locate(application.places[0]!)
  if (!application || file === undefined || locate(application.places[1]!)) return []
  const isChanged = hasRun(image!, (text) => text.includes(posix.basename(file)))
  const { program, module, name = '' } = application
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
