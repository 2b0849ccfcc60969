import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { DatabaseTarget, SqliteTarget } from '../url/target.ts'
import type { FallbackStrategy } from './strategy.ts'

/** Where the SQLite file that stands in for the configured database lives, and where a SQLite file is copied to. */
export interface SqliteOptions {
  /** The path of the file, or `:memory:`; it beats `SQLITE_PATH`. */
  readonly filename?: string
  /** Directories in which `failsoft.db` is tried, in order. Default: a mounted bucket, `./data`, the working directory, a private one below the temporary directory. */
  readonly directories?: readonly string[]
  /**
   * Where the file is copied to while it is written, and restored from if it is missing: `file:///data/todo`, or
   * `s3://bucket/prefix?endpoint=https://…&region=…` with the credentials in the `AWS_*` variables. It beats `SQLITE_REPLICA`.
   */
  readonly replica?: string
  /** The interval at which what was written is copied to the replica, in milliseconds. Default: 1,000. */
  readonly replicaIntervalMs?: number
}

/** Where the SQLite file in use is copied to, whether it is the configured database or stands in for it. */
export interface ReplicaSettings {
  /** The address; it holds no secret. */
  readonly url: string
  /** The interval at which what was written is copied there, in milliseconds. */
  readonly intervalMs: number
  /** How long the place itself may take to store durably what was copied, in milliseconds: 30,000 for the mount of a bucket, else 0. */
  readonly durableAfterMs: number
}

/** What a program may say about its database besides its environment. */
export interface ResolveOptions {
  /** The environment that is read, and never changed. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** An explicit URL; it beats the environment. Default: none. */
  readonly url?: string
  /** The names of the variables that may hold a URL, in order, in place of the well-known ones. */
  readonly variables?: readonly string[]
  /** When SQLite may stand in. Default: `DATABASE_FALLBACK`, else by environment. */
  readonly strategy?: FallbackStrategy
  /** Where the fallback lives, and where a SQLite file is copied to. */
  readonly sqlite?: SqliteOptions
  /** The directory that relative paths start from. Default: `process.cwd()`. */
  readonly cwd?: string
}

/** Where a setting was found. */
export interface Source {
  /** An option of the program, a variable, a secret file that a variable names, or several variables with a part each. */
  readonly kind: 'option' | 'variable' | 'file' | 'components'
  /** The option, or the variable; of several, the one that names the host. */
  readonly name: string
}

/** One thing that was looked at on the way to the decision. */
export interface TraceStep {
  /** What was looked at: variables, or the path of a file. */
  readonly subject: string
  /** What became of it: it is used; it was not needed; it is not there or not set; or it cannot be used. */
  readonly outcome: 'taken' | 'passed-over' | 'absent' | 'refused'
  /** The reason for that outcome; for a person, without secrets. */
  readonly why: string
}

/** Where a SQLite file lives, and what that promises. */
export interface SqliteLocation {
  /** Absolute, or `:memory:`. */
  readonly filename: string
  /**
   * What its rows outlive. `persistent`: the program and its container. `replicated`: this disk too. `bucket`: the container, but a crash
   * may lose the last seconds. `ephemeral`: the program, not the container. `memory`: nothing. `unknown`: the environment does not tell.
   */
  readonly durability: 'persistent' | 'replicated' | 'bucket' | 'ephemeral' | 'memory' | 'unknown'
  /** What holds the file; on `network` SQLite uses one connection and no WAL. */
  readonly filesystem: 'local' | 'network' | 'memory'
}

/** A decision that explains itself. */
export type DatabaseConfig = {
  /** The strategy in force. */
  readonly strategy: FallbackStrategy
  /** Where the strategy comes from, such as `the default`; for a person. */
  readonly strategyWhy: string
  /** What works, but is odd, incomplete, or not what somebody asked for. */
  readonly warnings: readonly Problem[]
  /** Each source and location that was looked at, in order. */
  readonly trace: readonly TraceStep[]
  /** Where a SQLite file is copied to, as long as one is in use. Absent if no replica is configured. */
  readonly replica?: ReplicaSettings
  /** The decision and the trace as text for a person. */
  explain(): string
} & (
  | {
      /** The configured database is used. */
      readonly kind: 'primary'
      /** What its URL says. */
      readonly target: DatabaseTarget
      /** Where it is configured. */
      readonly source: Source
    }
  | {
      /** A SQLite file stands in for the configured database. */
      readonly kind: 'fallback'
      /** The file, absolute, or `:memory:`. */
      readonly target: SqliteTarget
      /** Why the configured database is not used. */
      readonly reason: FallbackReason
      /** What is wrong with the configuration. */
      readonly problem: Problem
      /** Where the file lives, as far as looking tells. */
      readonly location: SqliteLocation
    }
  | {
      /** There is no database: the configured one cannot be used, and no file may, or can, stand in for it. */
      readonly kind: 'unresolved'
      /** Why the configured database is not used. */
      readonly reason: FallbackReason
      /** What is wrong with the configuration. */
      readonly problem: Problem
    }
)
