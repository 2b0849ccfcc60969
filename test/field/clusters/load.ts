import { setTimeout as sleep } from 'node:timers/promises'
import { classifyError, type Database } from 'failsoft/knex'
import { awakeNow } from '../../awake.js'

/** What writers saw. */
export interface LoadFigures {
  readonly acknowledged: readonly string[]
  readonly found: readonly string[]
  /** How often each code was seen. */
  readonly errors: Readonly<Record<string, number>>
  readonly longestWaitMs: number
  /** The longest wait of a call that began while the state was `reconnecting`, in milliseconds. */
  readonly longestRefusalMs: number
}

/** Writers that never pause: half of them in transactions, each row with a name of its own. */
export interface Load {
  /** How many writes were acknowledged so far. */
  acknowledged(): number
  /** From a moment to the first answer to a write that began after it and was accepted, in milliseconds. */
  firstWriteMs(since: number): number
  /** Ends the writers, and reads what the database kept. */
  end(): Promise<LoadFigures>
}

interface Write {
  readonly begunAt: number
  readonly endedAt: number
  readonly name: string
}

/** Starts writers on a table of their own. */
export async function startLoad(database: Database, table: string, writers: number = 4): Promise<Load> {
  await database.knex.schema.createTable(table, (columns) => {
    columns.increments('id')
    columns.string('name')
  })
  const acknowledged: Write[] = []
  const errors: Record<string, number> = {}
  const ending = new AbortController()
  let longestWaitMs = 0
  let longestRefusalMs = 0
  const write = async (name: string, inTransaction: boolean): Promise<void> => {
    const begunAt = awakeNow()
    const isRefused = database.state.status === 'reconnecting'
    try {
      await (inTransaction
        ? database.transaction((trx) => trx(table).insert({ name }))
        : database.knex(table).insert({ name }))
      acknowledged.push({ begunAt, endedAt: awakeNow(), name })
    } catch (error) {
      const code = classifyError(error).code
      errors[code] = (errors[code] ?? 0) + 1
      if (isRefused) longestRefusalMs = Math.max(longestRefusalMs, awakeNow() - begunAt)
    }
    longestWaitMs = Math.max(longestWaitMs, awakeNow() - begunAt)
  }
  const running = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; !ending.signal.aborted; n++) {
      await write(`${writer}-${n}`, writer % 2 === 0)
      await sleep(10)
    }
  })
  return {
    acknowledged: () => acknowledged.length,
    firstWriteMs: (since) => {
      const after = acknowledged.filter(({ begunAt }) => begunAt > since)
      return Math.min(...after.map(({ endedAt }) => endedAt)) - since
    },
    end: async () => {
      ending.abort()
      await Promise.all(running)
      const found = (await database.knex(table).pluck('name')) as string[]
      return {
        acknowledged: acknowledged.map(({ name }) => name),
        found,
        errors,
        longestWaitMs,
        longestRefusalMs,
      }
    },
  }
}
