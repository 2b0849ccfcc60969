/** What an engine is. */
export interface EngineInfo {
  /** The family of the database; it decides what SQL it takes. */
  readonly dialect: 'postgres' | 'cockroachdb' | 'mysql' | 'sqlite'
  /** The package that talks to the database, such as `pg`. */
  readonly driver: string
  /** The canonical URL, redacted. */
  readonly target: string
  /** The host in use, as the URL names it; only on a server that has answered. */
  readonly host?: string
  /** Which of the hosts in the URL that is, from 1; only where it names several. */
  readonly hostNumber?: number
  /** Name and version in the server's own words, such as `PostgreSQL 18.4`; only once it has answered. */
  readonly serverVersion?: string
}
