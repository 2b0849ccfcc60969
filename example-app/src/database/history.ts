import type { ConnectionState, Database } from 'failsoft/knex'

/** Older ones are forgotten. */
const mostStates = 50

/** Remembers the states that a database was in, from now on: the last one is the one that it is in. */
export function rememberStates(database: Database): readonly ConnectionState[] {
  const states = [database.state]
  database.onStateChange(() => {
    states.push(database.state)
    if (states.length > mostStates) states.shift()
  })
  return states
}
