/** What the server, the driver or the system said, in its own words and without secrets: never the error itself. */
export interface Cause {
  /** The class of the error, such as `Error`. */
  readonly name: string
  /** The error's own code, such as `28P01` or `ECONNREFUSED`; absent where it has none. */
  readonly code?: string
  /** The error's own words. */
  readonly message: string
}
