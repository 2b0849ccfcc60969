import { posix } from 'node:path'
import { expandVariables, type Environment } from '../environment.ts'
import { readForm } from './command-form.ts'
import { readArguments, readPairs, unquote } from './pairs.ts'
import type { StageInProgress, Step } from './stage-state.ts'
import { readAccount } from './users.ts'

/** Changes what is known of a stage as an instruction does. */
export function applyInstruction(state: StageInProgress, step: Step, globals: Environment): void {
  appliers[step.instruction.keyword]?.(state, step, globals)
}

const appliers: Readonly<Record<string, (state: StageInProgress, step: Step, globals: Environment) => void>> =
  {
    ENV(state, { instruction, environment }) {
      for (const [name, raw] of readPairs(instruction.text)) {
        const value = raw === undefined ? undefined : expandVariables(raw, environment)
        state.environment = state.environment.with(name, value)
        state.buildEnvironment = state.buildEnvironment.with(name, value)
        if (raw !== undefined) state.settings.set(name, { value: value ?? raw, line: instruction.line })
      }
    },
    ARG(state, { instruction, environment }, globals) {
      for (const [name, raw] of readArguments(instruction.text)) {
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
    RUN(state, { commands }) {
      for (const { words, isCertain } of commands ?? []) {
        const account = readAccount(words, state.base)
        if (account?.kind !== 'user') continue
        if (isCertain || !state.users.has(account.name)) state.users.set(account.name, account.id)
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

function addCopy(state: StageInProgress, { instruction, environment, workingDirectory, user }: Step): void {
  const form = readForm(instruction)
  const words = (form.kind === 'list' ? form.words : instruction.text.split(/\s+/).map(unquote)).map((word) =>
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
