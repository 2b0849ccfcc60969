import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '#test/servers/postgres.js'
import pg from 'pg'
import { compared, skipped, type Figure } from '../figure.ts'
import { measured, type Measured } from '../measured.ts'
import { inTurns, type Part } from '../part.ts'
import { temporaryDirectory } from '../service.ts'
import { shipped } from '../shipped.ts'

/** `failsoft promote` into PostgreSQL beside pgloader, each as a program from its start to its end, into an empty table. */
export const promotePart: Part = {
  title: '`failsoft promote` into PostgreSQL, beside pgloader',
  async measure({ quick }) {
    const [few, many, most] = quick ? [5_000, 20_000, 40_000] : [100_000, 400_000, 1_000_000]
    const postgres = await startPostgres()
    try {
      const lab = { url: postgres.url, command: join(dirname((await shipped()).library), 'cli/main.js') }
      const beside = await besidePgloader(few, quick ? 2 : 7, lab)
      return [...beside, ...(await memory([few, many, most], lab))]
    } finally {
      await postgres.remove()
    }
  },
}

interface Lab {
  readonly url: string
  readonly command: string
}

async function besidePgloader(rows: number, rounds: number, lab: Lab): Promise<Figure[]> {
  const name = `${rows} rows`
  if (spawnSync('pgloader', ['--version']).status !== 0) return [skipped(name, 'pgloader is not installed')]
  const [ours, peer]: [Measured[], Measured[]] = [[], []]
  await inTurns(rounds, [
    async () => ours.push(await promoted(rows, lab)),
    async () => peer.push(await loaded(rows, lab)),
  ])
  const both = (read: (one: Measured) => number): [number[], number[]] => [ours.map(read), peer.map(read)]
  return [
    compared(
      `${name}, from start to end`,
      's',
      both(({ ms }) => ms / 1000),
      { most: 1 },
    ),
    compared(
      `${name}, processor time of the program`,
      's',
      both(({ cpuMs }) => cpuMs / 1000),
    ),
    compared(
      `${name}, most memory`,
      'MiB',
      both(({ peakMiB }) => peakMiB),
    ),
  ]
}

/** Flat: four times the rows take a little more, since they go in several transactions, and more than that nothing more. */
async function memory([few, many, most]: [number, number, number], lab: Lab): Promise<Figure[]> {
  const peaks = new Map<number, number>()
  for (const rows of [few, many, most]) peaks.set(rows, (await promoted(rows, lab)).peakMiB)
  const beside = (more: number, less: number, target: number): Figure =>
    compared(
      `most memory for ${more} rows, beside ${less}`,
      'MiB',
      [[peaks.get(more)!], [peaks.get(less)!]],
      {
        most: target,
      },
    )
  return [beside(many, few, 1.2), beside(most, many, 1.1)]
}

async function promoted(rows: number, { url, command }: Lab): Promise<Measured> {
  const file = standInOf(rows)
  await emptyTable(url)
  const taken = await measured(process.execPath, [command, 'promote', '--from', file, '--to', url])
  await mustHold(rows, url)
  return taken
}

const loadFile = fileURLToPath(new URL('../../bench/peers/pgloader/tasks.load', import.meta.url))

async function loaded(rows: number, { url }: Lab): Promise<Measured> {
  const file = standInOf(rows)
  await emptyTable(url)
  const taken = await measured('pgloader', ['--quiet', loadFile], { SOURCE: file, TARGET: url })
  await mustHold(rows, url)
  return taken
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  return await work(client).finally(() => client.end())
}

async function emptyTable(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('drop table if exists tasks, failsoft_promotions')
    await client.query(
      `create table tasks (id integer primary key, title varchar(200) not null, body text, completed boolean not null default false,
       priority integer, price numeric(10, 2), created_at timestamptz)`,
    )
    await client.query('checkpoint')
  })
}

async function mustHold(rows: number, url: string): Promise<void> {
  const sql = `select count(*)::int as n, max(id) as last, count(body)::int as bodies from tasks where created_at > '2024-01-01Z'`
  const { rows: found } = await withClient(url, async (client) => client.query(sql))
  const want = { n: rows, last: rows, bodies: rows - Math.floor(rows / 3) }
  if (JSON.stringify(found[0]) !== JSON.stringify(want)) throw new Error(JSON.stringify(found))
}

interface Sqlite {
  exec(sql: string): void
  close(): void
}

/** A new stand-in, which was never promoted. */
function standInOf(rows: number): string {
  const Sqlite3 = createRequire(import.meta.url)('better-sqlite3') as new (filename: string) => Sqlite
  const filename = join(temporaryDirectory(), 'stand-in.db')
  const file = new Sqlite3(filename)
  file.exec(`
    create table tasks (id integer primary key, title varchar(200) not null, body text, completed boolean not null default 0,
      priority integer, price numeric, created_at datetime);
    insert into tasks with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})
    select i, 'task number ' || i, iif(i % 3 = 0, null, 'What is to be done, and by whom, in a text of the usual length: ' || i || char(10) || 'in two lines'),
      i % 2, i % 7, (i % 10000) * 0.25, datetime('2024-01-01', '+' || i || ' seconds')
    from n;`)
  file.close()
  return filename
}
