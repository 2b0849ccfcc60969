export type { ConnectionState, PrimaryWatch, Status } from './connection/state.ts'
export type { EngineInfo } from './engine/engine-info.ts'
export type { StandInState } from './engine/sqlite/stand-in-state.ts'
export type { SqliteDriver } from './engine/sqlite/driver-names.ts'
export { problemCatalogue, type ProblemCode, type ProblemDescription } from './problem/catalogue.ts'
export type { Policy, Sentences } from './problem/policy.ts'
export type { Problem } from './problem/problem.ts'
export type { FallbackReason } from './problem/reason.ts'
export type {
  DatabaseConfig,
  ReplicaSettings,
  SqliteOptions,
  ResolveOptions,
  Source,
  SqliteLocation,
  TraceStep,
} from './resolve/config.ts'
export { resolveDatabaseConfig } from './resolve/resolve-database-config.ts'
export type { FallbackStrategy } from './resolve/strategy.ts'
export { formatUrl, type FormatUrlOptions } from './url/format-url.ts'
export { Secret } from './url/secret.ts'
export type {
  DatabaseTarget,
  HostPort,
  Parameters,
  ServerTarget,
  SqliteTarget,
  TlsMode,
  TlsSettings,
} from './url/target.ts'
export { validateUrl } from './url/validate-url.ts'
export type { UrlValidation, ValidateUrlOptions } from './url/validation.ts'
