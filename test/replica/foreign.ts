import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { CopiedDatabase, countRows, write } from './copied-database.ts'

const run = promisify(execFile)

const program = `
  const [filename, ...statements] = process.argv.slice(1)
  const sqlite = process.getBuiltinModule('node:sqlite')
  const database = sqlite ? new sqlite.DatabaseSync(filename) : require('better-sqlite3')(filename)
  for (const sql of statements) database.exec(sql)
  process.send?.('done')
  if (process.connected) setInterval(() => {}, 1000)
  else database.close()
`

/** Another program opens the file, and closes it. */
export async function useElsewhere(filename: string, ...statements: readonly string[]): Promise<void> {
  await run(process.execPath, ['-e', program, filename, ...statements])
}

/** Another program opens the file, and keeps it open. */
export async function openElsewhere(
  filename: string,
  ...statements: readonly string[]
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', program, filename, ...statements], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

export const insert = 'insert into rows default values'
export const begin = 'pragma wal_checkpoint(truncate)'

/** A place after its program ended in order, with three rows. */
async function ended(): Promise<CopiedDatabase> {
  original ??= begun()
  return (await original).copy()
}

let original: Promise<CopiedDatabase> | undefined

async function begun(): Promise<CopiedDatabase> {
  const place = new CopiedDatabase()
  await using database = place.open()
  await database.connect()
  await write(database, 3)
  return place
}

/** A place after its program was killed: of three rows all are copied, and of two more perhaps none. */
async function killed(): Promise<CopiedDatabase> {
  running ??= cutOff()
  return (await running).copy()
}

let running: Promise<CopiedDatabase> | undefined

async function cutOff(): Promise<CopiedDatabase> {
  const place = await ended()
  await using database = place.open({ sqlite: { replicaIntervalMs: 60_000 } })
  await database.connect()
  await write(database, 2)
  const left = place.copy()
  // Who was killed renews it no more, and is not waited for here.
  rmSync(join(left.replica, 'lease'), { recursive: true })
  return left
}

/** What other programs do to the file while its own one is down. */
export interface Case {
  readonly name: string
  readonly place: () => Promise<CopiedDatabase>
  /** What another program does while this one is down. */
  readonly do: (filename: string) => void | Promise<ChildProcess | void>
  /** So many rows are there then, and are copied; or it is said that they belong together no more. */
  readonly want: number | 'replica-diverged'
}

/** One of each outcome. */
export const cases: readonly Case[] = [
  {
    name: 'it ended, and another one wrote',
    place: ended,
    do: (file) => useElsewhere(file, insert),
    want: 'replica-diverged',
  },
  { name: 'it was killed, and nobody opened it', place: killed, do: () => {}, want: 5 },
  {
    name: 'it was killed, and another one read, and closed it',
    place: killed,
    do: (file) => useElsewhere(file, 'select * from rows'),
    want: 'replica-diverged',
  },
  {
    name: 'it was killed, and another one wrote and is still there',
    place: killed,
    do: (file) => openElsewhere(file, insert),
    want: 6,
  },
]

/** The same in other ways. */
export const moreCases: readonly Case[] = [
  { name: 'it ended, and nobody opened it', place: ended, do: () => {}, want: 3 },
  {
    name: 'it ended, and another one read',
    place: ended,
    do: (file) => useElsewhere(file, 'select * from rows'),
    want: 3,
  },
  {
    name: 'it ended, and another one changed the journal',
    place: ended,
    do: (file) => useElsewhere(file, 'pragma journal_mode = delete'),
    want: 'replica-diverged',
  },
  {
    name: 'it ended, and another one wrote and is still there',
    place: ended,
    do: (file) => openElsewhere(file, insert),
    want: 4,
  },
  {
    name: 'it was killed, and another one read only',
    place: killed,
    do: async (file) => void (await run('cat', [file, `${file}-wal`])),
    want: 5,
  },
  {
    name: 'it was killed, and another one wrote, and closed it',
    place: killed,
    do: (file) => useElsewhere(file, insert),
    want: 'replica-diverged',
  },
  {
    name: 'it was killed, and another one began the log anew and is still there',
    place: killed,
    do: (file) => openElsewhere(file, begin, insert),
    want: 'replica-diverged',
  },
]

/** What belongs together goes on, and what does not is not touched. */
export function bears(cases: readonly Case[]): void {
  for (const { name, place: make, do: act, want } of cases) {
    void t.test(name, async (t) => {
      const place = await make()
      const other = await act(place.filename)
      t.teardown(() => other?.kill('SIGKILL'))
      if (want === 'replica-diverged') await isDiverged(t, place)
      else await goesOn(t, place, want)
    })
  }
}

async function isDiverged(t: Test, place: CopiedDatabase): Promise<void> {
  const before = place.contents()
  await using database = place.open()
  t.match(await database.connect(), { status: 'unavailable', problem: { code: 'replica-diverged' } })
  await database.close()
  t.strictSame(place.contents(), before, 'nothing is overwritten')
}

async function goesOn(t: Test, place: CopiedDatabase, rows: number): Promise<void> {
  const database = place.open()
  t.match(await database.connect(), { status: 'connected', readOnly: false })
  t.equal(await countRows(database), rows)
  await write(database, 1)
  await database.close()
  place.wipe()
  await using again = place.open()
  await again.connect()
  t.equal(await countRows(again), rows + 1, 'all of it is in the replica')
}
