import type { Backend, BackendQuestions } from '../server/server-dialect.ts'

interface Rows<Row> {
  readonly rows: readonly Row[]
}

/** PostgreSQL's view of its backends. Where a role may not see the state of another's, it counts as working. */
export const postgresBackends: BackendQuestions = {
  identitySql: `select pid as id, concat(inet_server_addr(), ':', inet_server_port()) as server, backend_start::text as since
    from pg_stat_activity where pid = pg_backend_pid()`,
  readIdentity: (response) => (response as Rows<Backend>).rows[0]!,
  idOf: (connection) => (connection as { processID?: unknown }).processID,
  listSql: (ids) => `select pid, state from pg_stat_activity where pid in (${ids.join(', ')})`,
  endSql: ({ id, since = '' }) => [
    `select pg_terminate_backend(pid) from pg_stat_activity where pid = ${id} and backend_start::text = '${since.replaceAll("'", '')}'`,
  ],
  readList: (response) =>
    new Map(
      (response as Rows<{ pid: number; state: string | null }>).rows.map(({ pid, state }) => [
        pid,
        state?.startsWith('idle') ? 'idle' : 'working',
      ]),
    ),
}
