/**
 * A place for immutable objects, outside this machine. Each call is bounded in time; one that fails rejects with a `ProblemError`,
 * most often `replica-unreachable`.
 */
export interface ReplicaTarget {
  /** The address for a person, without secrets, such as `file:///data/todo`. */
  readonly name: string
  /** The keys that begin with the prefix, sorted; all of them where it is empty. */
  list(prefix: string): Promise<string[]>
  /** What is kept under the key, if anything is. */
  read(key: string): Promise<Buffer | undefined>
  /** Keeps the bytes under a key that is not in use; `false`, and nothing was overwritten, where it is. */
  create(key: string, bytes: Uint8Array): Promise<boolean>
  /** Keeps the bytes under the key, in place of what was there. A reader sees the one or the other. */
  write(key: string, bytes: Uint8Array): Promise<void>
  /** Shows the bytes under the key, in place of what was there: a sign of life, which need not survive a crash of the machine. */
  show(key: string, bytes: Uint8Array): Promise<void>
  /** Forgets a key; one that is not there is forgotten already. */
  remove(key: string): Promise<void>
}
