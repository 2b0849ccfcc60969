import { dialects } from '../../url/kinds.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { mysqlBackends } from './backends.ts'
import {
  addressSettings,
  driverSettings,
  isWaiting,
  openSocket,
  query,
  sessionSql,
  tlsSettings,
} from './connect.ts'
import { guardDriver } from './guard-driver.ts'
import { mysqlTransactions } from './transactions.ts'

interface VariableRow {
  readonly Variable_name: string
  readonly Value: string
}

const readOnlyVariables = [
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'transaction_read_only',
  'tx_read_only',
]

/** MySQL and MariaDB through mysql2. */
export const mysqlDialect: ServerDialect = {
  kind: dialects.mysql,
  knexClient: 'mysql2',
  driver: 'mysql2',
  driverSettings,
  // Servers before MySQL 8 and MariaDB 11.6 would make tables of latin1. For a connection the driver has a better one, with its collation.
  schemaSettings: { charset: 'utf8mb4' },
  passwordSetting: (password) => password,
  addressSettings,
  tlsSettings,
  guardDriver,
  openSocket,
  sessionSql,
  retriesPlain: (code) => code === 'tls-not-supported',
  // A node that has lost its Galera cluster answers, even `select 1`, and refuses every table (Galera documentation, "wsrep_ready").
  // MariaDB beside any cluster says the same, but names no provider.
  readiness: {
    sql: "show status where Variable_name in ('wsrep_ready', 'wsrep_provider_name')",
    isReady: (response) => {
      const rows = (response as [VariableRow[]])[0]
      const read = (name: string): string =>
        rows.find(({ Variable_name }) => Variable_name === name)?.Value ?? ''
      return read('wsrep_provider_name') === '' || read('wsrep_ready') === 'ON'
    },
  },
  query,
  isWaiting,
  backends: mysqlBackends,
  // A list of names rather than @@variables: MySQL and MariaDB do not have the same ones.
  statusSql: `show variables where Variable_name in ('version', ${readOnlyVariables.map((name) => `'${name}'`).join(', ')})`,
  readStatus: (response) => {
    const rows = (response as [VariableRow[]])[0]
    const isOn = ({ Variable_name, Value }: VariableRow): boolean =>
      readOnlyVariables.includes(Variable_name) && /^(ON|1)$/i.test(Value)
    const version = rows.find(({ Variable_name }) => Variable_name === 'version')?.Value ?? 'unknown'
    const readOnly = rows.some(isOn)
    return {
      version: /mariadb/i.test(version) ? `MariaDB ${version}` : `MySQL ${version}`,
      readOnly,
      standby: readOnly,
    }
  },
  transactions: mysqlTransactions,
}
