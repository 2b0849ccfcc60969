import { openPool as openMysqlPool } from 'failsoft/mysql2'
import { openPool as openPgPool } from 'failsoft/pg'
import makeKnex from 'knex'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { startMariadb } from '#test/servers/mariadb.js'
import { startPostgres } from '#test/servers/postgres.js'
import { compared, skipped, type Figure } from '../figure.ts'
import { inTurns, type Effort, type Part } from '../part.ts'
import { keepTo, processors } from '../processors.ts'

/** A pool that is measured. */
interface Subject {
  ask(id: number): Promise<unknown>
  end(): Promise<void>
}

/** What a query cost, in microseconds. */
interface Cost {
  readonly time: number
  readonly processor: number
}

/**
 * What a query over a pool of `openPool` costs beside one over the driver's own. Both are in one process, and in short turns: the same
 * program, started twice, differs by more than what is measured.
 */
export const poolsPart: Part = {
  title: "a query over openPool()'s pool beside the driver's own",
  async measure(effort) {
    const { url, remove } = await startPostgres()
    try {
      const pg = await beside('pg', url, [ofPg(openPgPool({ url }).pool), barePg(url)], effort)
      return [...pg, ...(await onMariadb(effort))]
    } finally {
      await remove()
    }
  },
}

/** The server has a processor for itself. That of PostgreSQL has a process for each connection, and would be all that is measured. */
async function onMariadb(effort: Effort): Promise<Figure[]> {
  keepTo(processors.rest)
  const mariadb = await startMariadb()
  keepTo(processors.measured)
  try {
    if ('skip' in mariadb) return [skipped('mysql2', mariadb.skip)]
    const { url } = mariadb
    return await beside('mysql2', url, [ofMysql(openMysqlPool({ url }).pool), bareMysql(url)], effort)
  } finally {
    keepTo(processors.all)
    if ('remove' in mariadb) await mariadb.remove()
  }
}

const loads = [
  { name: 'one at a time', atOnce: 1 },
  { name: 'ten at once', atOnce: 10 },
] as const

const barePg = (connectionString: string): Subject => ofPg(new pg.Pool({ connectionString, max: 10 }))
const bareMysql = (uri: string): Subject => ofMysql(createPool({ uri, connectionLimit: 10 }))

function ofPg(pool: pg.Pool): Subject {
  const ask = async (id: number): Promise<unknown> =>
    pool.query('select id, title from notes where id = $1', [id])
  return { ask, end: () => pool.end() }
}

function ofMysql(pool: ReturnType<typeof createPool>): Subject {
  const ask = async (id: number): Promise<unknown> =>
    pool.query('select id, title from notes where id = ?', [id])
  return { ask, end: () => pool.end() }
}

async function beside(
  driver: 'pg' | 'mysql2',
  url: string,
  subjects: readonly [Subject, Subject],
  { quick }: Effort,
): Promise<Figure[]> {
  await prepare(driver, url)
  const figures: Figure[] = []
  for (const { name, atOnce } of loads) {
    // Compiled before it is measured.
    for (let warm = 0; warm < (quick ? 1 : 20); warm++)
      for (const subject of subjects) await measure(subject, quick ? 50 : 1000, atOnce)
    const costs: [Cost[], Cost[]] = [[], []]
    const ask = (subject: Subject, index: 0 | 1) => async () =>
      costs[index].push(await measure(subject, quick ? 50 : 300, atOnce))
    await inTurns(quick ? 3 : 301, [ask(subjects[0], 0), ask(subjects[1], 1)])
    for (const what of ['time', 'processor'] as const) {
      const [ours, peer] = costs.map((all) => all.map((cost) => cost[what])) as [number[], number[]]
      const label = `${driver}, ${name}${what === 'time' ? '' : ': processor time'}`
      figures.push(compared(label, 'µs', [ours, peer], { most: 1.02 }))
    }
  }
  await Promise.all(subjects.map((subject) => subject.end()))
  return figures
}

async function measure({ ask }: Subject, queries: number, atOnce: number): Promise<Cost> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  let id = 0
  const askInTurn = async (): Promise<void> => {
    while (id < queries) await ask(id++ % 100)
  }
  await Promise.all(Array.from({ length: atOnce }, askInTurn))
  const { user, system } = process.cpuUsage(before)
  const timeUs = (performance.now() - started) * 1000
  return { time: timeUs / queries, processor: (user + system) / queries }
}

async function prepare(client: string, connection: string): Promise<void> {
  const knex = makeKnex({ client, connection })
  await knex.schema.createTable('notes', (table) => {
    table.integer('id').primary()
    table.string('title')
  })
  await knex('notes').insert(Array.from({ length: 100 }, (_, id) => ({ id, title: `note ${id}` })))
  await knex.destroy()
}
