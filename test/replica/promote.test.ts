import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Database } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { runCommand } from '../cli/run-command.js'
import { openUrl } from '../promote/places.js'
import { startPostgres } from '../servers/postgres.js'
import { CopiedDatabase, countRows, until, untilShipped, write } from './copied-database.ts'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const away = 'postgres://app@127.0.0.1:1/app'
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** How the command ended, and what it wrote. */
interface Ran {
  readonly code: number
  readonly out: string
}

const silent = { teardown: () => {} }

/** A stand-in for a server, with a replica. */
class CopiedStandIn extends CopiedDatabase {
  override get env(): Readonly<Record<string, string>> {
    return this.to(away)
  }

  to(url: string): Readonly<Record<string, string>> {
    const { SQLITE_REPLICA = '' } = super.env
    return { DATABASE_URL: url, SQLITE_PATH: this.filename, SQLITE_REPLICA, DATABASE_FALLBACK: 'always' }
  }

  async promote(...args: string[]): Promise<Ran> {
    return await promote(this.folder, this.to(postgres.url), args)
  }
}

/** Runs the command in a process of its own. */
async function promote(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Ran> {
  const child = spawn(process.execPath, [main, 'promote', ...args], { cwd, env })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: Number(code), out: out + err }
}

/** A primary with the table, and nothing in it. */
async function emptyPrimary(): Promise<void> {
  const knex = openUrl(silent, postgres.url)
  await knex.schema.dropTableIfExists('failsoft_promotions')
  await knex.schema.dropTableIfExists('rows')
  await knex.schema.createTable('rows', (table) => table.increments('n'))
  await knex.destroy()
}

async function rowsInPrimary(): Promise<number> {
  const knex = openUrl(silent, postgres.url)
  const rows = await knex('rows')
  await knex.destroy()
  return rows.length
}

/** Three rows, and an orderly end. */
async function stopped(): Promise<CopiedStandIn> {
  await emptyPrimary()
  const place = new CopiedStandIn()
  await using database = place.open()
  t.match(await fallen(database), { status: 'fallback' })
  await write(database, 3)
  return place
}

/** A start may take longer than connect() waits for it. */
async function fallen(database: Database): ReturnType<typeof until> {
  await database.connect()
  return await until(database, ({ status }) => status === 'fallback')
}

/** It knows that its rows are in the primary, and they are not brought there again. */
async function isPromoted(t: Test, place: CopiedStandIn, name: string): Promise<void> {
  const before = await rowsInPrimary()
  await using database = place.open()
  t.match(
    await fallen(database),
    { status: 'fallback', readOnly: false, standIn: { clean: true, tables: 0 } },
    name,
  )
  await database.close()
  // In this process, which has the file closed: a process of its own costs a second of processor time.
  const cwd = place.folder
  const again = await runCommand(['promote', '--json'], { env: place.to(postgres.url), cwd })
  t.match(JSON.parse(again.out), { done: true, rows: 0, differences: [] }, name)
  t.equal(await rowsInPrimary(), before, name)
}

/** The same with the file that is here, and with a disk that is lost. */
async function staysPromoted(t: Test, place: CopiedStandIn): Promise<void> {
  t.equal(await rowsInPrimary(), 3)
  await isPromoted(t, place.copy(), 'the file is here')
  place.wipe()
  await isPromoted(t, place, 'the disk is lost')
}

void t.test('a program that promotes tells the replica', async (t) => {
  await emptyPrimary()
  await postgres.stop()
  const place = new CopiedStandIn()
  const database = place.open({ env: place.to(postgres.url), returnToPrimary: 'manual' })
  t.teardown(() => database.close())
  t.match(await fallen(database), { status: 'fallback' })
  await write(database, 3)
  await postgres.start()
  t.strictSame(await database.promote(), { done: true, rows: 3, differences: [] })
  await database.close()
  await staysPromoted(t, place)
})

void t.test('the command tells the replica of a program that is stopped', async (t) => {
  const place = await stopped()
  const dry = await place.promote('--dry-run', '--json')
  t.strictSame(JSON.parse(dry.out), { done: false, rows: 3, differences: [] })
  {
    await using database = place.open()
    t.match(await fallen(database), { status: 'fallback', standIn: { clean: false } }, 'nothing changed')
  }
  t.equal((await place.promote()).code, 0)
  await staysPromoted(t, place)
})

void t.test('a named file is known by the record beside it', async (t) => {
  const place = await stopped()
  t.equal((await place.promote('--from', place.filename)).code, 0)
  place.wipe()
  await isPromoted(t, place, 'the disk is lost')
})

void t.test('the command tells the replica of a program that was killed', async (t) => {
  await emptyPrimary()
  const place = new CopiedStandIn()
  await using running = place.open()
  await running.connect()
  await write(running, 3)
  await untilShipped(running)
  const killed = place.copy()
  t.equal((await killed.promote()).code, 0)
  await staysPromoted(t, killed)
})

void t.test('a program that runs copies what the command notes, and keeps its replica', async (t) => {
  await emptyPrimary()
  const place = new CopiedStandIn()
  await using running = place.open()
  await running.connect()
  await write(running, 3)
  const { code, out } = await place.promote()
  t.equal(code, 0, out)
  await untilShipped(running)
  t.match(running.state, { status: 'fallback', readOnly: false, replica: { behindMs: 0 } })
  await running.close()
  await staysPromoted(t, place)
})

void t.test('a file with a replica that is not named is left alone', async (t) => {
  const place = await stopped()
  const { SQLITE_REPLICA: _, ...env } = place.to(postgres.url)
  const { code, out } = await promote(place.folder, env, [])
  t.equal(code, 2)
  t.match(out, /is copied to file:[^]*Set SQLITE_REPLICA/)
  t.equal(await rowsInPrimary(), 0)
  await using database = place.open()
  t.match(await fallen(database), { status: 'fallback', standIn: { clean: false } })
  t.equal(await countRows(database), 3)
})

void t.test(
  'where the replica does not learn of it, the command says so, and nothing comes twice',
  async (t) => {
    const place = await stopped()
    renameSync(place.replica, `${place.replica}.away`)
    writeFileSync(place.replica, '')
    const { code, out } = await place.promote()
    t.equal(code, 1, out)
    t.match(out, /are not in its replica/)
    t.equal(await rowsInPrimary(), 3)
    rmSync(place.replica)
    renameSync(`${place.replica}.away`, place.replica)
    const later = place.copy()
    place.wipe()
    {
      await using database = place.open()
      t.match(await fallen(database), { status: 'fallback', standIn: { clean: false } }, 'its rows came back')
    }
    t.equal((await place.promote()).code, 0)
    t.equal(await rowsInPrimary(), 3, 'the primary knows them')
    await isPromoted(t, place, 'the replica knows it now')
    await isPromoted(t, later, 'a file that is still here knows it by itself, and copies it')
    later.wipe()
    await isPromoted(t, later, 'then the replica knows it')
  },
)
