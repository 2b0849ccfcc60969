export { deepFreeze } from './deep-freeze.ts'
export { formatUrl, type FormatUrlOptions } from './format-url.ts'
export { readUrl, type ReadUrlOptions } from './read-url.ts'
export { Secret } from './secret.ts'
export type {
  DatabaseTarget,
  HostPort,
  Parameters,
  ServerTarget,
  SqliteTarget,
  TlsMode,
  TlsSettings,
} from './target.ts'
export { validateUrl } from './validate-url.ts'
export type { UrlValidation, ValidateUrlOptions } from './validation.ts'
