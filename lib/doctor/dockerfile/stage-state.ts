import { posix } from 'node:path'
import { expandVariables, makeEnvironment, platformVariables, type Environment } from '../environment.ts'
import { readCommands, type ShellCommand } from '../shell/commands.ts'
import { findBaseImage, type BaseImage } from './base-image.ts'
import { readForm, type CommandForm } from './command-form.ts'
import type { Dockerfile, Instruction, Stage } from './parse-dockerfile.ts'
import { expandAll, readAccount, usersOf } from './users.ts'
import { readPairs } from './pairs.ts'

/** A value, and the line where it is set. */
export interface Setting {
  readonly value: string
  readonly line: number
}

/** Files that an instruction copies. */
export interface Copy {
  readonly sources: readonly string[]
  /** Absolute; ends in a slash where it is a folder by its name. Nothing where it is not known. */
  readonly destination: string | undefined
  /** The stage or image that it copies from. */
  readonly from: string | undefined
  readonly instruction: Instruction
  readonly user: string | undefined
}

/** An instruction, and what holds while it runs. */
export interface Step {
  readonly instruction: Instruction
  /** Variables of the build: `ENV` and `ARG`. */
  readonly environment: Environment
  readonly workingDirectory: string | undefined
  /** The user by name or id; `root` where none is named; nothing where it is not known. */
  readonly user: string | undefined
  /** The simple commands of `RUN` in shell form; nothing where they cannot be read. */
  readonly commands: readonly ShellCommand[] | undefined
  /** How many copies were made before. */
  readonly copies: readonly Copy[]
}

/** What is known at the end of a stage. */
export interface StageState {
  readonly stage: Stage
  /** The image that it begins with; nothing where it is one that nobody here knows. */
  readonly base: BaseImage | undefined
  readonly baseName: string
  readonly steps: readonly Step[]
  /** Variables when it runs: `ENV` alone. */
  readonly environment: Environment
  readonly buildEnvironment: Environment
  readonly settings: ReadonlyMap<string, Setting>
  readonly workingDirectory: string | undefined
  readonly user: string | undefined
  readonly userLine: number | undefined
  readonly users: ReadonlyMap<string, number | undefined>
  readonly homes: ReadonlyMap<string, string>
  readonly copies: readonly Copy[]
  readonly entrypoint: CommandForm | undefined
  readonly cmd: CommandForm | undefined
  readonly shell: readonly string[]
  readonly exposed: readonly Setting[]
}

type Mutable = { -readonly [Key in keyof StageState]: StageState[Key] } & {
  steps: Step[]
  settings: Map<string, Setting>
  users: Map<string, number | undefined>
  homes: Map<string, string>
  copies: Copy[]
  exposed: Setting[]
}

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
      return readPairs(text).reduce(
        (each, [name, value]) =>
          each.with(name, value === undefined ? undefined : expandVariables(value, known)),
        known,
      )
    },
    makeEnvironment({}, false),
  )
}

function begin(stage: Stage, baseName: string, parent: StageState | undefined): Mutable {
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
    workingDirectory: base ? '/' : undefined,
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

function walk(state: Mutable, globals: Environment): StageState {
  for (const instruction of state.stage.instructions) {
    const step = makeStep(state, instruction)
    state.steps.push(step)
    appliers[instruction.keyword]?.(state, step, globals)
  }
  return state
}

function makeStep(state: Mutable, instruction: Instruction): Step {
  const { buildEnvironment: environment, workingDirectory, user } = state
  return {
    instruction,
    environment,
    workingDirectory,
    user,
    commands: commandsOf(instruction),
    copies: [...state.copies],
  }
}

function commandsOf({ keyword, text, hasHeredoc, line }: Instruction): readonly ShellCommand[] | undefined {
  if (keyword !== 'RUN') return undefined
  const body = hasHeredoc ? /^<<-?\s*["']?(\w+)["']?[^\n]*\n([^]*?)\n\s*\1\s*$/.exec(text)?.[2] : text
  if (body === undefined || body.startsWith('#!')) return undefined
  const form = readForm({ text: body, line })
  return form.kind === 'list' ? undefined : readCommands(body)
}

const appliers: Readonly<Record<string, (state: Mutable, step: Step, globals: Environment) => void>> = {
  ENV(state, { instruction, environment }) {
    for (const [name, raw] of readPairs(instruction.text)) {
      const value = raw === undefined ? undefined : expandVariables(raw, environment)
      state.environment = state.environment.with(name, value)
      state.buildEnvironment = state.buildEnvironment.with(name, value)
      if (raw !== undefined) state.settings.set(name, { value: value ?? raw, line: instruction.line })
    }
  },
  ARG(state, { instruction, environment }, globals) {
    for (const [name, raw] of readPairs(instruction.text)) {
      if (state.settings.has(name)) continue
      const value = raw === undefined ? globals.get(name) : expandVariables(raw, environment)
      state.buildEnvironment = state.buildEnvironment.with(name, value ?? undefined)
    }
  },
  WORKDIR(state, { instruction, environment }) {
    const path = expandVariables(instruction.text.replaceAll(/^["']|["']$/g, ''), environment)
    state.workingDirectory =
      path === undefined || (!path.startsWith('/') && state.workingDirectory === undefined)
        ? undefined
        : posix.resolve(state.workingDirectory ?? '/', path)
  },
  USER(state, { instruction, environment }) {
    state.user = expandVariables(instruction.text, environment)?.split(':')[0]
    state.userLine = instruction.line
  },
  COPY: addCopy,
  ADD: addCopy,
  EXPOSE(state, { instruction, environment }) {
    const ports = (expandVariables(instruction.text, environment) ?? '').split(/\s+/).filter(Boolean)
    state.exposed.push(...ports.map((value) => ({ value, line: instruction.line })))
  },
  RUN(state, { commands, environment }) {
    for (const command of commands ?? []) {
      const account = readAccount(expandAll(command, environment), state.base)
      if (account?.kind !== 'user') continue
      if (!(command.isTolerated && state.users.has(account.name))) state.users.set(account.name, account.id)
      if (account.home) state.homes.set(account.name, account.home)
    }
  },
  CMD(state, { instruction }) {
    state.cmd = readForm(instruction)
  },
  ENTRYPOINT(state, { instruction }) {
    state.entrypoint = readForm(instruction)
    // An entry point resets the command of the base image, not one of this Dockerfile.
    if (state.cmd?.line === state.stage.line) state.cmd = undefined
  },
  SHELL(state, { instruction }) {
    const form = readForm(instruction)
    if (form.kind === 'list') state.shell = form.words
  },
}

function addCopy(state: Mutable, { instruction, environment, workingDirectory, user }: Step): void {
  const form = readForm(instruction)
  const words = (form.kind === 'list' ? form.words : instruction.text.split(/\s+/)).map((word) =>
    expandVariables(word, environment),
  )
  const last = words.pop()
  if (instruction.hasHeredoc) words.length = 0
  const isFolder = last !== undefined && (/(?:^|\/)\.{0,2}$/.test(last) || words.length > 1)
  const path =
    last === undefined || (!last.startsWith('/') && workingDirectory === undefined)
      ? undefined
      : posix.resolve(workingDirectory ?? '/', last)
  state.copies.push({
    sources: words.filter((word) => word !== undefined),
    destination: path === undefined ? undefined : isFolder && path !== '/' ? `${path}/` : path,
    from: instruction.flags['from'],
    instruction,
    user,
  })
}
