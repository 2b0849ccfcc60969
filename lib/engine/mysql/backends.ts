import type { BackendQuestions } from '../server/server-dialect.ts'

/** MySQL's view of its threads: those of the same user can be seen without a privilege. */
export const mysqlBackends: BackendQuestions = {
  identitySql: "select connection_id() as id, concat(@@hostname, ':', @@port, @@datadir) as server",
  readIdentity: (response) => (response as [[{ id: number; server: string }]])[0][0],
  idOf: (connection) => (connection as { threadId?: unknown }).threadId,
  listSql: (ids) => `select id, command from information_schema.processlist where id in (${ids.join(', ')})`,
  // After a restart of the server the number may be another's, which has not been at rest for so long. KILL takes no subquery.
  endSql: ({ id }, silentMs) => [
    `set @failsoft_left = (select id from information_schema.processlist where id = ${id} and command = 'Sleep'
      and user = substring_index(user(), '@', 1) and time >= ${Math.floor(silentMs / 1000) - 1})`,
    'kill @failsoft_left',
  ],
  readList: (response) =>
    new Map(
      (response as [{ id: number; command: string }[]])[0].map(({ id, command }) => [
        id,
        command === 'Sleep' ? 'idle' : 'working',
      ]),
    ),
}
