import type { Problem } from '../problem/problem.ts'
import type { ClassifiedError } from './errors/classify-error.ts'
import type { Redact } from './errors/server-words.ts'
import type { FileKeeper } from './sqlite/file-keeper.ts'
import type { Engine, EngineResult } from './engine.ts'

/** What the connection needs of an engine beyond its public face. */
export interface ManagedEngine extends Engine {
  /** Takes the secrets of its database out of what somebody says. */
  readonly redact: Redact
  /**
   * Closes all connections, and settles within the bound plus 100 ms whatever is open: what is in flight may end until then; after that its
   * connection is dropped, which rolls its transaction back.
   *
   * @param options - `timeoutMs`: the bound in milliseconds, 5,000 by default; `Infinity` waits. Of several calls the first one counts.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
  /** Refuses every new use of a connection with this error, at once, until it is lifted. */
  setGate(refuse: (() => Error) | undefined): void
  /**
   * While a server is away, only the question whether it is back makes connections, each one a new one: what the program still waits for
   * would fill its pool with connections that lead nowhere. When it is back, those that were not made by then are given up.
   */
  setAway(isAway: boolean): void
  /** Whether a connection is in use, for a statement or a transaction. */
  isBusy(): boolean
  /** Ends all connections at once, also those in use. */
  dropConnections(): void
  /** Has every connection asked whether it is alive before its next use, even one that answered just now. */
  suspectConnections(): void
  /** Has new connections log in with another password, and as another user where there is one; a file has none. */
  setLogin(login: { readonly user: string | undefined; readonly password: string }): void
  /**
   * Why the last try to make a new connection failed; nothing where it succeeded. Older connections may work all the same. Of a file: that a part
   * of it was found damaged.
   */
  readonly loginProblem: Problem | undefined
  /** Why the host before the one in use was left; absent while none was, and of a file. */
  readonly moveProblem?: Problem | undefined
  /** Makes a new connection and ends it, within the bound in milliseconds; it never rejects. */
  tryLogin(timeoutMs: number): Promise<void>
  /** Keeps a copy of what it has open; only a file can have one. */
  readonly keeper?: FileKeeper | undefined
  /** Makes ready what it needs before the first connection, however long that takes. Never rejects; only a file needs it. */
  prepareLocation?(): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: Problem }>
  /** Whether what it has open was exchanged for another database, which is whole and waits to be taken up; only a file can be. */
  hasSuccessor?(): boolean
  /** Calls the listener with each failure of a statement that speaks of the connection rather than of the statement. */
  onTrouble(listener: (found: ClassifiedError) => void): void
}

/** The same without knex: what watches over an engine needs none. */
export type SupervisedEngine = Omit<ManagedEngine, 'knex'>

/** An {@link ManagedEngine}, or why there is none. */
export type ManagedEngineResult =
  { readonly ok: true; readonly engine: ManagedEngine } | Extract<EngineResult, { ok: false }>
