import { readRunCommands, type RunCommand } from '../dockerfile/run-commands.ts'
import type { StageState } from '../dockerfile/stage-state.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { hasRun } from './runs.ts'

const file = 'Dockerfile'

/** Only bash has `source`; the sh of Debian, which runs a line of the Dockerfile, has not. */
export function checkShellWords({ stages, image }: Project): Finding[] {
  return [...stages.flatMap((state) => checkBuild(state)), ...(image ? startOf(image) : [])]
}

function checkBuild(state: StageState): Finding[] {
  const own = new Set(state.stage.instructions)
  let isSh = true
  return state.steps.flatMap(({ instruction, commands }) => {
    if (instruction.keyword === 'SHELL') isSh = /^\[\s*"(?:\/bin\/)?sh"/.test(instruction.text)
    return own.has(instruction) && isSh ? check(commands ?? [], instruction.line, state) : []
  })
}

function startOf(image: StageState): Finding[] {
  const { entrypoint, cmd, environment, workingDirectory, shell } = image
  const form = entrypoint ?? cmd
  if (form?.kind !== 'shell' || shell[0] !== '/bin/sh') return []
  const instruction = { keyword: 'CMD', flags: {}, text: form.text, hasHeredoc: false, line: form.line }
  return check(readRunCommands(instruction, { environment, workingDirectory }) ?? [], form.line, image)
}

function check(commands: readonly RunCommand[], line: number, state: StageState): Finding[] {
  const { base, baseName } = state
  const isUsed = commands.some(
    ({ words, isCertain, shell = 'sh' }) => isCertain && shell === 'sh' && words[0] === 'source',
  )
  if (!isUsed || !base || base.isAlpine || !isDebian.test(base.name) || hasBash.test(base.tag)) return []
  if (hasRun(state, (text) => text.split(/[&;|\n]/).some((each) => brings.test(each)))) return []
  const cure = 'Write a dot in its place, as in ". venv/bin/activate", or SHELL ["/bin/bash", "-c"] above.'
  return [finding('tool-missing', { file, line }, { tool: 'source', image: `the sh of ${baseName}`, cure })]
}

/** Puts bash in the place of sh, or makes a `source` itself. */
const brings =
  /^\s*(?:ln|mv|cp|update-alternatives)\b.*[\s/]sh(?:\s|$)|dpkg-reconfigure.*\bdash\b|\bsource\s*\(\)/

/** Tags of those that are made of another system, whose sh is bash. */
const hasBash = /ubi|rocky|oracle|centos|fedora|amazon|al2|openjdk|corretto|graal|ibm|sapmachine/

/** Images whose sh is dash. */
const isDebian =
  /^(?:python|node|debian|ubuntu|golang|rust|ruby|php|maven|gradle|eclipse-temurin|nvidia\/cuda)$/
