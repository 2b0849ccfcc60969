/**
 * Why a program does not run on the database that it was meant to run on.
 *
 * - `missing`, `empty`: nothing is configured;
 * - `malformed`, `unsupported`, `driver`: something is configured, but no engine can be made of it;
 * - `unreachable`, `auth`, `database-missing`, `tls`: an engine, but no usable database behind it;
 * - `read-only`: a database that takes no writes.
 */
export type FallbackReason =
  | 'missing'
  | 'empty'
  | 'malformed'
  | 'unsupported'
  | 'driver'
  | 'unreachable'
  | 'auth'
  | 'database-missing'
  | 'tls'
  | 'read-only'
