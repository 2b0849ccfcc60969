import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from 'failsoft/knex'

/** Whoever looks at the database is not kept waiting by it. */
const patienceMs = 300

/** How long the database takes to answer, in milliseconds; nothing while there is none, or where it takes too long. */
export async function latencyOf(database: Database): Promise<number | undefined> {
  if (!['connected', 'fallback'].includes(database.state.status)) return undefined
  const health = await Promise.race([database.check(), delay(patienceMs)])
  const [answer] = health?.checks['database:responseTime'] ?? []
  return answer && Number(answer.observedValue)
}
