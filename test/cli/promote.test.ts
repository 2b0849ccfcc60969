import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { startPostgres } from '../servers/postgres.js'
import { open } from '../engine/sqlite/open.js'
import { plainNode } from '../plain-node.js'
import { openUrl } from '../promote/places.js'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const primary = openUrl(t, postgres.url)

function promote(
  cwd: string,
  args: string[],
  env: Record<string, string> = { DATABASE_URL: postgres.url },
): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'promote', ...args], {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

void t.test('the fallback file is found, tried, copied, and copied once', async (t) => {
  const cwd = t.testdir({ data: {} })
  const file = open(t, { filename: join(cwd, 'data', 'failsoft.db'), driver: 'better-sqlite3' })
  await file.raw('create table notes (id integer primary key, body varchar(5))')
  await file.raw(`insert into notes values (1, 'a'), (2, 'much too long')`)
  await primary.raw('drop table if exists notes, failsoft_promotions')
  await primary.raw('create table notes (id integer primary key, body varchar(5))')
  const dry = promote(cwd, ['--dry-run'])
  t.equal(dry.status, 2)
  t.match(dry.out, /^Promotion {4}would not be done; 2 rows would be copied$/m)
  t.match(dry.out, /^Difference {3}notes\[2\]\.body has more than 5 characters$/m)
  t.equal(promote(cwd, []).status, 2)
  t.strictSame(await primary('notes'), [], 'nothing was written')
  await file.raw(`update notes set body = 'short' where id = 2`)
  const done = promote(cwd, ['--json'])
  t.equal(done.status, 0)
  t.strictSame(JSON.parse(done.out), { done: true, rows: 2, differences: [] })
  t.strictSame(
    JSON.parse(promote(cwd, ['--json', '--from', 'data/failsoft.db', '--to', postgres.url], {}).out),
    { done: true, rows: 0, differences: [] },
  )
  await primary('notes').where({ id: 1 }).update({ body: 'there' })
  await file.raw(`update notes set body = 'here' where id = 1`)
  t.equal(promote(cwd, []).status, 1, 'done, with a difference')
})

for (const { name, args, env, message } of [
  { name: 'no file', args: [], env: { DATABASE_URL: 'postgres://h/d' }, message: /no fallback file/ },
  { name: 'a file that is not there', args: ['--from', 'x.db'], env: {}, message: /there is no file x\.db/ },
  // A variable of a script that is not set must not lead into the configured database.
  { name: 'a database without a name', args: ['--to', ''], env: {}, message: /name the database: --to URL/ },
  {
    name: 'a policy that does not exist',
    args: ['--on-conflict', 'guess'],
    env: {},
    message: /fail, skip or overwrite/,
  },
]) {
  void t.test(`${name} is said in words`, (t) => {
    const { status, err } = promote(t.testdir(), args, env)
    t.equal(status, 2)
    t.match(err, message)
    t.end()
  })
}

void t.test('a database that is away is a problem, without its password', async (t) => {
  const cwd = t.testdir()
  await open(t, { filename: join(cwd, 'x.db'), driver: 'better-sqlite3' }).raw(
    'create table notes (id integer)',
  )
  const { status, out, err } = promote(
    cwd,
    ['--from', 'x.db', '--to', 'postgres://u:canary@127.0.0.1:1/d', '--json'],
    {},
  )
  t.equal(status, 2)
  t.match(JSON.parse(out), { done: false, problem: { code: 'connection-refused' } })
  t.notMatch(out + err, 'canary')
})

void t.test('what cannot be promoted is named as the command line names it', async (t) => {
  const cwd = t.testdir({ 'text.db': 'no database' })
  await open(t, { filename: join(cwd, 'x.db'), driver: 'better-sqlite3' }).raw(
    'create table notes (id integer)',
  )
  symlinkSync('x.db', join(cwd, 'link.db'))
  const itself = /x\.db is the database itself that its rows would be copied into\. \[invalid-parameter\]/
  for (const { args, env = {}, want } of [
    { args: ['--from', 'x.db'], env: { DATABASE_URL: 'sqlite:x.db' }, want: itself },
    { args: ['--from', 'x.db', '--dry-run'], env: { DATABASE_URL: 'sqlite:x.db' }, want: itself },
    { args: ['--from', 'x.db', '--to', 'sqlite:link.db'], want: itself },
    { args: ['--from', 'x.db', '--to', 'nonsense'], want: /^Reason {7}--to has no scheme\./m },
    {
      args: ['--from', 'text.db', '--to', 'sqlite:x.db'],
      want: /^Reason .*is not a SQLite database\. \[sqlite-not-a-database\]\n +→ [^\n]*\n$/m,
    },
  ]) {
    const { status, out } = promote(cwd, args, env)
    t.equal(status, 2, args.join(' '))
    t.match(out, want, args.join(' '))
  }
})

/** Runs it on a terminal of 60 columns; `script` of util-linux makes one. */
function onTerminal(cwd: string, args: readonly string[]): string {
  const command = `stty cols 60; ${plainNode(main, 'promote', ...args)
    .flat()
    .join(' ')}`
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', DATABASE_URL: postgres.url }
  const { stdout } = spawnSync('script', ['-qc', command, '/dev/null'], {
    cwd,
    env,
    encoding: 'utf8',
  })
  return stdout
}

const isTerminalThere = spawnSync('script', ['--version']).error === undefined

void t.test(
  'on a terminal one line tells how far it is, and makes room for the outcome',
  { skip: !isTerminalThere && 'needs script' },
  async (t) => {
    const cwd = t.testdir()
    const table = `notes_with_a_name_${'that_is_long_'.repeat(3)}`
    const columns = '(id integer primary key, body varchar(5))'
    const file = open(t, { filename: join(cwd, 'x.db'), driver: 'better-sqlite3' })
    for (const name of ['notes', table]) {
      await file.raw(`create table "${name}" ${columns}`)
      await file.raw(`insert into "${name}" values (1, 'a'), (2, 'b')`)
      await primary.raw(`drop table if exists "${name}", failsoft_promotions`)
      await primary.raw(`create table "${name}" ${columns}`)
    }
    const shown = onTerminal(cwd, ['--from', 'x.db'])
    const steps = shown.split('\r\u001B[K')
    t.ok(steps.includes('copy: 4 rows, notes'), shown)
    t.ok(
      steps.some((step) => /^copy: 2 rows, notes_with_a_name_.*…$/.test(step)),
      shown,
    )
    t.same(
      steps.slice(0, -1).filter((step) => step.length > 59 || step.includes('\n')),
      [],
      'each is written over the one before',
    )
    t.match(stripVTControlCharacters(steps.at(-1) ?? ''), /^Promotion {4}done; 4 rows were written\r\n$/)
  },
)
