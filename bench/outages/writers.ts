import { setTimeout as sleep } from 'node:timers/promises'
import type { Face } from './faces.ts'

/** What the writers saw, and what the database kept. */
export interface WriterFigures {
  readonly acknowledged: number
  readonly found: number
  readonly twice: number
  /** Acknowledged, and not found. */
  readonly lost: number
  readonly longestWaitMs: number
}

/** Writers that never pause: half of them in transactions, each row with a name of its own. */
export interface Writers {
  /** When the first write that began after a moment was acknowledged. */
  firstAfter(since: number): number | undefined
  end(): Promise<WriterFigures>
}

/** Starts writers on a new table. */
export async function startWriters(face: Face, count: number): Promise<Writers> {
  await face.run('drop table if exists written')
  await face.run('create table written (name varchar(20))')
  const acknowledged: string[] = []
  let newest = { begunAt: 0, endedAt: 0 }
  let first: { since: number; at: number } | undefined
  let longestWaitMs = 0
  const ending = new AbortController()
  let watched = Infinity
  const write = async (name: string, inTransaction: boolean): Promise<void> => {
    const begunAt = performance.now()
    const sql = `insert into written (name) values ('${name}')`
    const isDone = await (inTransaction ? face.runInTransaction(sql) : face.run(sql)).then(
      () => true,
      () => false,
    )
    const endedAt = performance.now()
    longestWaitMs = Math.max(longestWaitMs, endedAt - begunAt)
    if (!isDone) return
    acknowledged.push(name)
    newest = { begunAt, endedAt }
    if (begunAt > watched && first?.since !== watched) first = { since: watched, at: endedAt }
  }
  const all = Array.from({ length: count }, async (_, writer) => {
    for (let n = 0; !ending.signal.aborted; n++) {
      await write(`${writer}-${n}`, writer % 2 === 0)
      await sleep(10)
    }
  })
  while (newest.endedAt === 0) await sleep(5)
  return {
    firstAfter: (since) => {
      watched = since
      return first?.since === since ? first.at : undefined
    },
    end: async () => {
      ending.abort()
      await Promise.all(all)
      const found = await face.names()
      const kept = new Set(found)
      const lost = acknowledged.filter((name) => !kept.has(name)).length
      const twice = found.length - kept.size
      return { acknowledged: acknowledged.length, found: found.length, twice, lost, longestWaitMs }
    },
  }
}
