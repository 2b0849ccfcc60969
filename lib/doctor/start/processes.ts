import type { CommandForm } from '../dockerfile/command-form.ts'
import type { StageState } from '../dockerfile/stage-state.ts'
import { follow } from './follow.ts'
import type { ContainerFiles, Process } from './listening.ts'

/** Everything that the container starts; nothing where it cannot be followed. */
export function findProcesses(image: StageState, files: ContainerFiles): readonly Process[] | undefined {
  const { entrypoint, cmd, environment, workingDirectory } = image
  const form = entrypoint ?? cmd
  if (!form) return undefined
  const start = { environment, workingDirectory, role: 'main' } as const
  const parameters = entrypoint?.kind === 'list' && cmd ? wordsOf(cmd, image) : []
  const words = [...wordsOf(form, image), ...parameters]
  if (form.line === image.stage.line)
    return [{ ...start, words, place: { file: 'Dockerfile', line: form.line } }]
  const line = parameters.length > 0 ? cmd!.line : form.line
  return follow({ ...start, words, place: { file: 'Dockerfile', line } }, files)
}

function wordsOf(form: CommandForm, { shell }: StageState): readonly string[] {
  return form.kind === 'list' ? form.words : [...shell, form.text]
}
