import type { BackendQuestions } from '../server/server-dialect.ts'

interface Rows<Row> {
  readonly rows: readonly Row[]
}

/** PostgreSQL's view of its backends. Where a role may not see the state of another's, it counts as working. */
export const postgresBackends: BackendQuestions = {
  identitySql: `select pg_backend_pid() as id, concat(inet_server_addr(), ':', inet_server_port()) as server`,
  readIdentity: (response) => (response as Rows<{ id: number; server: string }>).rows[0]!,
  idOf: (connection) => (connection as { processID?: unknown }).processID,
  listSql: (ids) => `select pid, state from pg_stat_activity where pid in (${ids.join(', ')})`,
  readList: (response) =>
    new Map(
      (response as Rows<{ pid: number; state: string | null }>).rows.map(({ pid, state }) => [
        pid,
        state?.startsWith('idle') ? 'idle' : 'working',
      ]),
    ),
}
