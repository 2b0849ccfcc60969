import { dialects } from '../../url/kinds.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { postgresBackends } from './backends.ts'
import { driverSettings, isWaiting, openSocket, passwordSetting, query, tlsSettings } from './connect.ts'
import { guardDriver } from './guard-driver.ts'
import { offersTls } from './offers-tls.ts'
import { postgresTransactions } from './transactions.ts'

interface StatusRow {
  readonly version: string
  readonly read_only: string
  readonly standby: boolean
}

/** PostgreSQL through pg. */
export const postgresDialect: ServerDialect = {
  kind: dialects.postgres,
  knexClient: 'pg',
  driver: 'pg',
  driverSettings,
  passwordSetting,
  addressSettings: ({ host, port }) => ({ host, port }),
  tlsSettings,
  guardDriver,
  openSocket,
  offersTls,
  // libpq falls back on any failure of TLS, and when the server's rules refuse an encrypted connection (28000).
  retriesPlain: (code, message) =>
    code.startsWith('tls-') ||
    code === 'not-a-database-server' ||
    /pg_hba\.conf|before encryption began/.test(message),
  query,
  isWaiting,
  backends: postgresBackends,
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, pg_is_in_recovery() as standby`,
  readStatus: (response) => {
    const row = (response as { rows: [StatusRow] }).rows[0]
    // "PostgreSQL 18.4", without what it was compiled for and with.
    const version = row.version.replace(/^(.*?\d[\w.]*).*$/s, '$1')
    return { version, readOnly: row.read_only === 'on' || row.standby, standby: row.standby }
  },
  transactions: postgresTransactions,
}

const { backends: _, ...withoutBackends } = postgresDialect

/** CockroachDB, which speaks PostgreSQL's protocol and has no standbys. */
export const cockroachdbDialect: ServerDialect = {
  ...withoutBackends,
  kind: dialects.cockroachdb,
  knexClient: 'cockroachdb',
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, false as standby`,
}
