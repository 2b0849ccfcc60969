import { posix } from 'node:path'
import type { RunCommand } from '../dockerfile/run-commands.ts'
import type { StageState, Step } from '../dockerfile/stage-state.ts'
import type { Place } from '../finding.ts'
import type { Project } from '../project.ts'

/** A command of a `RUN`, and where it stands. */
export interface Run extends RunCommand {
  /** The program without its folder, `sudo` left out. */
  readonly name: string
  /** The words after it. */
  readonly args: readonly (string | undefined)[]
  readonly hasSudo: boolean
  readonly step: Step
  readonly state: StageState
  /** Every instruction and command of the stage before. */
  readonly earlier: string
  readonly place: Place
}

/** Every command that the build runs, in order; `RUN` instructions that cannot be read are left out. */
export function runsOf({ stages }: Project): readonly Run[] {
  return stages.flatMap((state) => {
    const own = new Set(state.stage.instructions)
    return state.steps.flatMap((step, index) => {
      if (!own.has(step.instruction)) return []
      return (step.commands ?? []).map((command) => runOf(command, step, state, index))
    })
  })
}

function runOf(command: RunCommand, step: Step, state: StageState, index: number): Run {
  const hasSudo = command.words[0] === 'sudo'
  const [program = '', ...args] = hasSudo ? withoutFlags(command.words.slice(1)) : command.words
  const place = { file: 'Dockerfile', line: step.instruction.line }
  const name = posix.basename(program)
  return {
    ...command,
    name,
    args,
    hasSudo,
    step,
    state,
    place,
    // Joined only where somebody reads it: a build of thousands of lines would take half a minute.
    get earlier() {
      const before = state.steps.slice(0, index).map(({ instruction }) => `${instruction.text}\n`)
      return before.join('') + command.before
    },
  }
}

function withoutFlags(words: readonly (string | undefined)[]): readonly (string | undefined)[] {
  return words.slice(words.findIndex((word) => !word?.startsWith('-')))
}

/** Whether files may have come into the image in another way than from the folder. */
export function isOpenTo({ step, state }: Run): boolean {
  if ('mount' in step.instruction.flags || !state.base) return true
  const isCopied = step.copies.some(
    ({ destination, from, instruction }) =>
      destination === undefined ||
      from !== undefined ||
      instruction.hasHeredoc ||
      instruction.keyword === 'ADD',
  )
  if (isCopied) return true
  const writes =
    /\b(?:git\s+clone|curl|wget|unzip|tar|cp|mv|ln|tee|sed|echo|cat|printf|touch|compile|export|freeze|init|lock)\b|>/
  return state.steps
    .slice(0, state.steps.indexOf(step) + 1)
    .some(
      ({ instruction: { keyword, text, hasHeredoc } }) =>
        keyword === 'RUN' && (hasHeredoc || writes.test(text)),
    )
}

/** Whether a `RUN` of a stage, or of those that it begins with, is of some kind. */
export function hasRun({ steps }: StageState, isMeant: (text: string) => boolean): boolean {
  return steps.some(({ instruction: { keyword, text } }) => keyword === 'RUN' && isMeant(text))
}
