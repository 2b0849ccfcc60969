import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import { finding, type Finding, type Place } from '../finding.ts'
import { readPackage } from '../package-file.ts'
import type { Project } from '../project.ts'
import { elsewhere } from '../start/npm-scripts.ts'
import { folderOf } from './lock-required.ts'
import { isCertainlyMissing } from './missing-file.ts'
import { hasRun, isOpenTo, runsOf } from './runs.ts'

type Words = readonly (string | undefined)[]

/** What `npm run` names is there, in the build and at the start. */
export function checkNpmScripts(project: Project): Finding[] {
  const { stages, serving } = project
  const built = runsOf(project)
    .filter((run) => run.isCertain && !isOpenTo(run))
    .flatMap((run) => {
      const find = (path: string): string | undefined => locate(path, run.step.copies, stages, project)
      return checkScript([run.name, ...run.args], folderOf(run), find, run.place, project)
    })
  const started = (serving?.processes ?? [])
    .filter(({ role, isTolerated }) => role === 'main' && isTolerated !== true)
    .flatMap(({ words, workingDirectory, place }) => [
      ...checkScript(words, workingDirectory, project.locate, place, project),
      ...checkStart(words, workingDirectory, place, project),
    ])
  return [...built, ...started]
}

const changesScripts = /package\.json|\b(?:npm|yarn|pnpm)\s+(?:pkg|init)\b/

/** `npm start` takes the script of that name, or server.js. */
function checkStart(
  [manager, verb, ...args]: Words,
  folder: string | undefined,
  place: Place,
  project: Project,
): Finding[] {
  const isStart = /^(?:npm|pnpm|yarn)$/.test(manager ?? '') && verb === 'start'
  if (!isStart || folder === undefined || hasFlag(args)) return []
  const file = project.locate(posix.join(folder, 'package.json'))
  const manifest = file === undefined ? undefined : readPackage(project.read, file)?.content
  if (!manifest || manifest.scripts?.['start'] !== undefined) return []
  const other = posix.join(folder, 'server.js')
  if (project.locate(other) || hasRun(project.image!, (text) => changesScripts.test(text))) return []
  if (project.image!.settings.has('npm_config_workspace')) return []
  if (/^\s*workspaces?\s*=/m.test(project.folder.text('.npmrc'))) return []
  const values = { command: `${manager} start`, name: 'start', file: file! }
  const isCertain = isCertainlyMissing(other, project)
  return [finding('npm-script-missing', place, values, isCertain ? 'error' : 'warning')]
}

function checkScript(
  [manager, verb, ...args]: Words,
  folder: string | undefined,
  find: (path: string) => string | undefined,
  place: Place,
  { read }: Project,
): Finding[] {
  const [name] = args
  const isRun = /^(?:npm|pnpm)$/.test(manager ?? '') && /^(?:run|run-script)$/.test(verb ?? '')
  if (!isRun || folder === undefined || !name || name.startsWith('-') || hasFlag(args.slice(1))) return []
  const file = find(posix.join(folder, 'package.json'))
  const manifest = file === undefined ? undefined : readPackage(read, file)?.content
  const scripts = Object.keys(manifest?.scripts ?? {})
  if (scripts.length === 0 || scripts.includes(name)) return []
  return [finding('npm-script-missing', place, { command: `${manager} ${verb} ${name}`, name, file: file! })]
}

/** One that leads to another package.json, or lets a script be missing. */
function hasFlag(args: Words): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return own.some(
    (arg) => arg === undefined || elsewhere.test(arg) || /^(?:--if-present|-r|--prefix)(?:=|$)/.test(arg),
  )
}
