export { DatabaseUnavailableError } from './connection/database-unavailable-error.ts'
export type {
  Database,
  DatabaseSessionOptions,
  OpenOptions,
  Pin,
  StateChange,
} from './connection/database.ts'
export type { HealthCheck, HealthReport } from './connection/health.ts'
export { openDatabase } from './connection/open-database.ts'
export type { ConnectionState, PrimaryWatch, Status } from './connection/state.ts'
export type { ReplicaState } from './engine/sqlite/file-keeper.ts'
export type { StandInState } from './engine/sqlite/stand-in-state.ts'
export { transitions } from './connection/transitions.ts'
export { createEngine } from './engine/create-engine.ts'
export type {
  Credentials,
  Drivers,
  Engine,
  EngineInfo,
  EngineOptions,
  EngineResult,
  KnexOptions,
  LogEvent,
  ProbeResult,
} from './engine/engine.ts'
export { knexConfig } from './engine/knex-config.ts'
export type { Cause } from './problem/cause.ts'
export { classifyError, type ClassifiedError } from './engine/errors/classify-error.ts'
export type { Difference, PromoteOptions, PromoteReport } from './promote/report.ts'
export { ProblemError } from './engine/problem-error.ts'
