import type { Environment } from '../environment.ts'
import type { BaseImage } from './base-image.ts'
import type { CommandForm } from './command-form.ts'
import type { Instruction, Stage } from './parse-dockerfile.ts'
import type { RunCommand } from './run-commands.ts'

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
  /** The simple commands of `RUN`; nothing where they cannot be read. */
  readonly commands: readonly RunCommand[] | undefined
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

/** A stage on the way through its instructions. */
export type StageInProgress = { -readonly [Key in keyof StageState]: StageState[Key] } & {
  steps: Step[]
  settings: Map<string, Setting>
  users: Map<string, number | undefined>
  homes: Map<string, string>
  copies: Copy[]
  exposed: Setting[]
}
