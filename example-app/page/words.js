/** How people write what databases are called. */
export const names = { postgres: 'PostgreSQL', cockroachdb: 'CockroachDB', mysql: 'MySQL', sqlite: 'SQLite' }

/** What becomes of what is written, in the words of the log and of the terminal. */
export const promises = {
  persistent: 'Its rows outlive this program and its container.',
  replicated: 'Its rows are copied to the replica as they are written, and outlive this disk.',
  bucket: 'Its rows outlive the container, but a crash may lose the last seconds.',
  ephemeral: 'The database is temporary: its rows will be lost.',
  memory: 'The database is in memory: its rows will be lost.',
  unknown: 'Whether its rows outlive a restart cannot be seen from here.',
}

/** What the state of SQLite says already. */
const saidOfSqlite = ['sqlite-ephemeral', 'fallback-has-data']

/** What is odd about the settings: the first thing to look at where the database does not answer. */
export function remarks(warnings) {
  return warnings
    .filter(({ code }) => !saidOfSqlite.includes(code))
    .map(({ message }) => message)
    .join(' ')
}

/** How the copy of SQLite stands, as the end of a sentence about it; empty where it has none. */
export function describeCopy({ replica }) {
  if (!replica) return ''
  const place = replica.place === 'bucket' ? 'the bucket' : 'its replica'
  if (replica.agoMs === undefined) return `not copied to ${place} yet`
  const why = replica.problem ? `: ${replica.problem.message}` : ''
  if (why || replica.behindMs > lateMs) return `last copied to ${place} ${ago(replica.agoMs)}${why}`
  return `copied to ${place} ${ago(replica.agoMs)}`
}

/** So long a copy may take before it is called late, in milliseconds. */
const lateMs = 10_000

function ago(ms) {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s ago` : `${Math.round(ms / 60_000)} min ago`
}

/** How SQLite gives way to the configured database, where there is one. */
export function wayBack({ primary, standIn }) {
  if (!primary) return ''
  if (standIn.clean) return 'The service returns by itself when the database answers.'
  const answers = primary.reachable ? 'The database answers again, but' : 'When the database answers,'
  const { tables } = standIn
  const rows = tables === 1 ? '1 table holds rows' : `${tables} tables hold rows`
  return (
    `${answers} the service stays on SQLite, since ${tables === 0 ? 'something was written there' : rows}. ` +
    'Its owner brings them over with POST /database/promote, or leaves them with POST /database/return.'
  )
}
