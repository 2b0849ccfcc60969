import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import type { Severity } from '../catalogue.ts'
import { finding, type Finding } from '../finding.ts'
import { readNpmLockfile } from '../npm-lockfile.ts'
import { readPackage, type PackageContent } from '../package-file.ts'
import type { Project } from '../project.ts'
import { folderOf } from './lock-required.ts'
import { hasRun, runsOf, type Run } from './runs.ts'

/** The package of each program that builds, where it has another name. */
const packages: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  ng: '@angular/cli',
  'vue-cli-service': '@vue/cli-service',
  nest: '@nestjs/cli',
  'svelte-kit': '@sveltejs/kit',
}

/** What the build and the start run was installed before. */
export function checkNodeBuild(project: Project): Finding[] {
  // What leaves the development tools out, by stage.
  const omitted = new Map<Run['state'], string | undefined>()
  const built = runsOf(project).flatMap((run) => {
    const text = [run.name, ...run.args].join(' ')
    if (/^(?:npm|pnpm) (?:install|i|ci|add) (?:-g|--global)\b|^yarn global/.test(text)) return []
    if (/^(?:npm|yarn|pnpm|bun)\b.*\b(?:ci|install|i)\b/.test(text) || /^yarn(?: --\S+)*$/.test(text))
      omitted.set(run.state, whyOmitted(text, run.environment.get('NODE_ENV')))
    const why = omitted.get(run.state)
    return why === undefined ? [] : checkTools(run, why, project)
  })
  const why = project.image && omitted.get(project.image)
  return why === undefined ? built : [...built, ...checkStarted(why, project)]
}

/** A script that starts a program which is not there. With npx, npm would fetch it. */
function checkStarted(why: string, project: Project): Finding[] {
  const { image, serving, names, folder, read } = project
  const isBrought = (name: string): boolean =>
    names.includes('node_modules') ||
    /^\s*include\s*=\s*dev\b/m.test(folder.text('.npmrc')) ||
    image!.settings.has('NPM_CONFIG_INCLUDE') ||
    image!.copies.some(({ from }) => from !== undefined) ||
    hasRun(image!, (text) => text.includes(name) || /\.sh\b/.test(text))
  const started = serving?.processes ?? []
  return started.flatMap(({ words: [tool = ''], place, role }) => {
    if (role !== 'main' || !place.file.endsWith('package.json')) return []
    const name = packageOf(tool)
    const manifest = readPackage(read, place.file)?.content
    const isFetched = Object.values(manifest?.scripts ?? {}).some((each) => fetches.test(each))
    if (!isDevelopment(name, manifest) || isFetched || isBrought(name)) return []
    const severity = howSure(name, place.file.slice(0, -'package.json'.length), why, project)
    return severity ? [finding('start-tool-left-out', place, { tool, why }, severity)] : []
  })
}

const fetches = /\b(?:npx|bunx|dlx|npm (?:ci|i|install|exec))\b/

/** What is left out may come with a dependency. Only npm's lockfile tells, and some programs are dependencies of nobody. */
function howSure(
  name: string,
  directory: string,
  why: string,
  { folder, read }: Project,
): Severity | undefined {
  const lockfile = readNpmLockfile(read, directory)
  if (typeof lockfile === 'object')
    return lockfile.packages[`node_modules/${name}`]?.dev ? 'error' : undefined
  const isYarn = folder.kind(`${directory}yarn.lock`) === 'file'
  // Yarn 1 heeds the variable, its successors do not.
  if (isYarn && why.startsWith('NODE_ENV')) return undefined
  return name === 'nodemon' ? 'error' : 'warning'
}

function packageOf(tool: string): string {
  return Object.hasOwn(packages, tool) ? packages[tool]! : tool
}

function whyOmitted(text: string, environment: string | null | undefined): string | undefined {
  if (/--include[= ]dev|--production[= ]false|--prod[= ]false|--dev\b/.test(text)) return undefined
  const flag = /--(?:omit[= ]dev|only[= ]prod\w*|production|prod)\b|\s-P\b/.exec(text)?.[0].trim()
  return flag ?? (environment === 'production' && !text.startsWith('bun') ? 'NODE_ENV=production' : undefined)
}

function checkTools(run: Run, why: string, project: Project): Finding[] {
  const folder = folderOf(run)
  if (folder === undefined) return []
  const file = locate(posix.join(folder, 'package.json'), run.step.copies, project.stages, project)
  const manifest = file === undefined ? undefined : readPackage(project.read, file)?.content
  return toolsOf(run, manifest)
    .filter((tool) => isDevelopment(packageOf(tool), manifest))
    .slice(0, 1)
    .map((tool) => finding('build-tool-left-out', run.place, { tool, why }))
}

function isDevelopment(name: string, manifest: PackageContent | undefined): boolean {
  return manifest?.devDependencies?.[name] !== undefined && manifest.dependencies?.[name] === undefined
}

/** The programs that `npm run build` or `npx tsc` start. */
function toolsOf({ name, args }: Run, manifest: PackageContent | undefined): string[] {
  if (name === 'npx') return [args.find((arg) => !arg?.startsWith('-')) ?? '']
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(name)) return []
  const script = args.find((arg) => arg !== undefined && !/^(?:run|run-script|-.*)$/.test(arg)) ?? ''
  const body = manifest?.scripts?.[script] ?? ''
  return body.split(/&&|\|\||;/).map(
    (each) =>
      each
        .trim()
        .replace(/^npx\s+/, '')
        .split(/\s+/)[0]!,
  )
}
