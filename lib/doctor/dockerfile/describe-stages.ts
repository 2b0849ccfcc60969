import { expandVariables, makeEnvironment, platformVariables, type Environment } from '../environment.ts'
import { applyInstruction } from './apply-instruction.ts'
import { findBaseImage, type BaseImage } from './base-image.ts'
import type { Dockerfile, Instruction, Stage } from './parse-dockerfile.ts'
import { readArguments } from './pairs.ts'
import { readRunCommands } from './run-commands.ts'
import type { StageInProgress, StageState, Step } from './stage-state.ts'
import { usersOf } from './users.ts'

/** Walks through every stage of a Dockerfile, in order. */
export function describeStages({ stages, instructions }: Dockerfile): readonly StageState[] {
  const states: StageState[] = []
  const globals = readGlobals(instructions)
  for (const stage of stages) {
    const base = expandVariables(stage.base, globals) ?? stage.base
    const parent = states.findLast((each) => each.stage.name === base.toLowerCase())
    states.push(walk(begin(stage, base, parent), globals))
  }
  return states
}

function readGlobals(instructions: readonly Instruction[]): Environment {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM')
  const args = instructions.slice(0, first).filter(({ keyword }) => keyword === 'ARG')
  return args.reduce(
    (known, { text }) => {
      return readArguments(text).reduce(
        (each, [name, value]) =>
          each.with(name, value === undefined ? undefined : expandVariables(value, known)),
        known,
      )
    },
    makeEnvironment({}, false),
  )
}

function begin(stage: Stage, baseName: string, parent: StageState | undefined): StageInProgress {
  if (parent) {
    const { users, homes, copies, exposed, settings, steps } = parent
    return {
      ...parent,
      stage,
      users: new Map(users),
      homes: new Map(homes),
      copies: [...copies],
      exposed: [...exposed],
      settings: new Map(settings),
      steps: [...steps],
      buildEnvironment: parent.environment,
    }
  }
  const base = baseName === 'scratch' ? undefined : findBaseImage(baseName)
  const environment = makeEnvironment(base ? knownVariables(base) : {}, base !== undefined)
  return {
    stage,
    base,
    baseName,
    environment,
    buildEnvironment: environment,
    steps: [],
    settings: new Map(),
    workingDirectory: base ? (base.workingDirectory ?? '/') : undefined,
    user: base ? (base.user ?? 'root') : undefined,
    userLine: undefined,
    users: usersOf(base),
    homes: new Map([
      ['root', '/root'],
      ...Object.keys(base?.users ?? {}).map((name) => [name, `/home/${name}`] as const),
    ]),
    copies: [],
    entrypoint: undefined,
    cmd: base?.command ? { kind: 'list', words: base.command, line: stage.line } : undefined,
    shell: ['/bin/sh', '-c'],
    exposed: [],
  }
}

function knownVariables({ name }: BaseImage): Record<string, string | undefined> {
  return {
    ...Object.fromEntries(platformVariables.map((each) => [each, undefined])),
    PATH: undefined,
    HOME: undefined,
    HOSTNAME: undefined,
    ...(name === 'python' ? { LANG: 'C.UTF-8', PYTHON_VERSION: undefined } : {}),
  }
}

function walk(state: StageInProgress, globals: Environment): StageState {
  for (const instruction of state.stage.instructions) {
    const step = makeStep(state, instruction)
    state.steps.push(step)
    applyInstruction(state, step, globals)
  }
  return state
}

function makeStep(state: StageInProgress, instruction: Instruction): Step {
  const { buildEnvironment: environment, workingDirectory, user } = state
  return {
    instruction,
    environment,
    workingDirectory,
    user,
    commands:
      instruction.keyword === 'RUN'
        ? readRunCommands(instruction, { environment, workingDirectory })
        : undefined,
    copies: [...state.copies],
  }
}
