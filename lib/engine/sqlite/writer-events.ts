import type { KnexQuery, RawConnection } from '../knex-client.ts'

/** What is told of the writer: before it is given back, before a transaction begins on it, after one was rolled back, after a checkpoint. */
export type WriterEvent = 'release' | 'begin' | 'rollback' | 'checkpoint'

/** Told of the writer, by its connection. It is waited for, and must not reject. */
export type WriterListener = (connection: RawConnection, event: WriterEvent) => Promise<void>

const events: readonly (readonly [RegExp, WriterEvent])[] = [
  [/^\s*begin\b/i, 'begin'],
  [/^\s*rollback\b(?!.*\bto\b)/i, 'rollback'],
  [/\bwal_checkpoint\b/i, 'checkpoint'],
]

/** What the listeners of the writer are told when this statement runs on it, if anything. */
export function eventOf({ sql }: KnexQuery): WriterEvent | undefined {
  return sql.length > 100 ? undefined : events.find(([pattern]) => pattern.test(sql))?.[1]
}
