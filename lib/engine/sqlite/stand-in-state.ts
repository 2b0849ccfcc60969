/** What is known of a file that stands in for the configured database. */
export interface StandInState {
  /** Whether nothing was committed to it since it was created and prepared, in any process or life. */
  readonly clean: boolean
  /** How many tables hold rows other than those that `prepare` wrote. */
  readonly tables: number
}
