import type { Knex } from 'knex'

/**
 * What the library uses of knex's client beyond its documented API. It was read in knex 3.3, to which the
 * peer range is pinned, and is all in this one place.
 */
export interface KnexClient {
  version?: string
  readonly config: Record<string, unknown>
  readonly connectionSettings: Record<string, unknown>
  readonly pool?: KnexPool
  acquireConnection(): Promise<object>
  releaseConnection(connection: object): Promise<void>
  acquireRawConnection(): Promise<object>
  destroyRawConnection(connection: object): Promise<void>
  _query(connection: object, query: KnexQuery): Promise<{ response: unknown }>
}

/** A statement on its way to a driver. */
export interface KnexQuery {
  readonly sql: string
  readonly bindings?: readonly unknown[]
}

/** The part of tarn's pool that is read. */
export interface KnexPool {
  numUsed(): number
  numFree(): number
  numPendingAcquires(): number
  numPendingCreates(): number
}

/** The client behind a knex. */
export function clientOf(knex: Knex): KnexClient {
  return knex.client as KnexClient
}
