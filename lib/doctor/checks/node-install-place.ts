import { isWritable } from '../dockerfile/writable.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { operandsOf } from '../shell/flags.ts'
import { folderOf } from './lock-required.ts'
import { runsOf, type Run } from './runs.ts'

/** What installs packages writes node_modules into its folder, so that its user has to own that. */
export function checkNodeInstallPlace(project: Project): Finding[] {
  return runsOf(project).flatMap((run) => {
    const { name, args, step, place, hasSudo, isCertain } = run
    const command = [name, ...operandsOf(args)].join(' ')
    if (!isCertain || hasSudo || !installs.test(command) || isGlobal(run)) return []
    const directory = folderOf(run)
    if (directory === undefined || isWritable(directory, stateAt(run), project) !== false) return []
    return [finding('install-not-writable', place, { command, directory, user: step.user! })]
  })
}

const installs = /^(?:npm (?:ci|install|i)|(?:pnpm|yarn|bun) (?:install|i)|yarn)$/

function isGlobal({ args }: Run): boolean {
  return args.some((arg) => arg === undefined || /^(?:-g|--global|--location=global)$/.test(arg))
}

/** What is known of the stage where the command runs. */
function stateAt({ state, step }: Run): Run['state'] {
  return { ...state, user: step.user, steps: state.steps.slice(0, state.steps.indexOf(step)) }
}
