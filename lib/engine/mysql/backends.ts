import type { BackendQuestions } from '../server/server-dialect.ts'

/** MySQL's view of its threads: those of the same user can be seen without a privilege. */
export const mysqlBackends: BackendQuestions = {
  identitySql: "select connection_id() as id, concat(@@hostname, ':', @@port, @@datadir) as server",
  readIdentity: (response) => (response as [[{ id: number; server: string }]])[0][0],
  idOf: (connection) => (connection as { threadId?: unknown }).threadId,
  listSql: (ids) => `select id, command from information_schema.processlist where id in (${ids.join(', ')})`,
  readList: (response) =>
    new Map(
      (response as [{ id: number; command: string }[]])[0].map(({ id, command }) => [
        id,
        command === 'Sleep' ? 'idle' : 'working',
      ]),
    ),
}
