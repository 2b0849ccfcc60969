import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Process } from '../start/listening.ts'
import { isCertainlyMissing, whyMissing } from './missing-file.ts'

/** The program that the container starts is in the image. */
export function checkAppFiles(project: Project): Finding[] {
  const processes = project.serving?.processes ?? []
  return processes
    .filter(({ role, workingDirectory }) => role !== 'maybe' && workingDirectory !== undefined)
    .flatMap((process) => [...checkFile(process, project), ...checkModule(process, project)])
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

/** `uvicorn main:app` */
function checkModule({ words, workingDirectory, environment, place }: Process, project: Project): Finding[] {
  const { image, folder, locate } = project
  const args = /^python[\d.]*$/.test(posix.basename(words[0] ?? '')) ? words.slice(2) : words
  const isServer = /^(?:uvicorn|gunicorn|hypercorn)$/.test(posix.basename(args[0] ?? ''))
  const isMoved = args.some((arg) => /^--(?:app-dir|chdir|pythonpath)/.test(arg ?? '') || arg === undefined)
  const module = args.map((arg) => /^([\w.]+):[\w.()]+$/.exec(arg ?? '')?.[1]).find(Boolean)
  const isInstalled = image!.steps.some(({ instruction: { keyword, text } }) =>
    keyword === 'RUN' ? /\binstall\b[^&;]*\s(?:-e|\.)|uv sync|poetry install|pdm/.test(text) : false,
  )
  if (!isServer || isMoved || !module || isInstalled || environment.get('PYTHONPATH') !== null) return []
  const base = module.replaceAll('.', '/')
  const places = [`${base}.py`, `${base}/__init__.py`].map((each) => posix.resolve(workingDirectory!, each))
  if (places.some((each) => locate(each)) || !isCertainlyMissing(places[0]!, project)) return []
  const elsewhere = folder.files.find((file) => file.endsWith(`/${base}.py`))
  if (elsewhere === undefined) return []
  const written = elsewhere.slice(0, -3).replaceAll('/', '.')
  return [finding('module-elsewhere', place, { module, elsewhere, written })]
}
