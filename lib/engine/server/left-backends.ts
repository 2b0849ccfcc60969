import type { RawConnection } from '../knex-client.ts'
import type { Backend, ServerDialect } from './server-dialect.ts'

/** A backend whose connection was given up without a word to the server. */
export interface LeftBackend {
  readonly backend: Backend
  /** When it was last heard, on the monotonic clock. */
  readonly heardAt: number
}

/** How many are remembered at most: the newest. */
const most = 100

/**
 * The server may not know yet that a connection was given up: a transaction that is open there keeps its locks from whoever tries again.
 * Remembered beyond an engine, since the next try has one of its own.
 */
const left = new Set<LeftBackend>()

/** Remembers one. */
export function leave(backend: LeftBackend): void {
  left.add(backend)
  const [oldest] = left
  if (left.size > most) left.delete(oldest as LeftBackend)
}

/** Ends those that were left on the server of a connection. */
export async function endLeft(
  dialect: ServerDialect,
  connection: RawConnection,
  server: string,
): Promise<void> {
  const found = [...left].filter(({ backend }) => backend.server === server)
  for (const each of found) left.delete(each)
  for (const each of found) await endBackend(dialect, connection, each)
}

/** Ends a backend over another connection to its server. Where that is not allowed, the server has to find out by itself. */
export async function endBackend(
  { backends, query }: ServerDialect,
  connection: RawConnection,
  { backend, heardAt }: LeftBackend,
): Promise<void> {
  for (const sql of backends?.endSql(backend, performance.now() - heardAt) ?? [])
    await query(connection, sql).catch(() => undefined)
}
