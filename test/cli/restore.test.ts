import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CopiedDatabase, countRows, untilShipped, write } from '../replica/copied-database.js'
import { refuse, SmallS3 } from '../servers/small-s3.js'
import { runCommand, type Ran } from './run-command.ts'

const original = new CopiedDatabase()
const database = original.open()
await database.connect()
await write(database, 3)
await database.close()
const url = original.env['SQLITE_REPLICA']!

async function restore(place: CopiedDatabase, ...args: string[]): Promise<Ran> {
  return await runCommand(['restore', ...args], { cwd: place.folder })
}

void t.test('a file is restored, and a program starts with it', async (t) => {
  const place = original.copy()
  const { code, out } = await restore(place, '--replica', url, '--to', 'restored/app.db')
  t.equal(code, 0)
  t.match(
    out,
    /^Replica +file:.* was restored in \d+ ms: generation \d{10}-\d{8}-\w+\nFile +\/.*restored\/app\.db\n$/,
  )
  await using again = place.open({ env: { DATABASE_URL: `sqlite:${place.folder}/restored/app.db` } })
  await again.connect()
  t.equal(await countRows(again), 3)
})

void t.test('a program is told as JSON', async (t) => {
  const place = original.copy()
  const { code, out } = await restore(place, '--replica', url, '--to', 'x.db', '--json')
  t.equal(code, 0)
  t.match(JSON.parse(out), {
    file: join(place.folder, 'x.db'),
    replica: url,
    restored: true,
    generation: /^\d{10}-/,
    tookMs: Number,
    warnings: [],
  })
})

void t.test('the variable is read as a program reads it, with quotes around it', async (t) => {
  const { folder: cwd } = original.copy()
  const env = { SQLITE_REPLICA: ` "${url}"\n` }
  const { code, out } = await runCommand(['restore', '--to', 'x.db', '--json'], { cwd, env })
  t.equal(code, 0)
  t.match(JSON.parse(out), { replica: url, restored: true })
})

void t.test('nothing is overwritten, and what is missing is named', async (t) => {
  const place = original.copy()
  writeFileSync(join(place.folder, 'there.db'), 'mine')
  writeFileSync(join(place.folder, 'log.db-wal'), 'mine')
  const empty = new CopiedDatabase()
  const cases = [
    { name: 'no replica', args: ['--to', 'x.db'], err: /name the replica/ },
    { name: 'no file', args: ['--replica', url], err: /name the file/ },
    {
      name: 'a file that exists',
      args: ['--replica', url, '--to', 'there.db'],
      err: /there\.db exists already/,
    },
    {
      name: 'a log that exists',
      args: ['--replica', url, '--to', 'log.db'],
      err: /log\.db-wal exists already/,
    },
    {
      name: 'an address that is none',
      args: ['--replica', 'nowhere', '--to', 'x.db'],
      out: /invalid-parameter/,
    },
    {
      name: 'a replica that is away',
      args: ['--replica', `file://${place.folder}/no/where`, '--to', 'x.db'],
      out: /replica-unreachable/,
    },
    {
      name: 'an empty replica',
      args: ['--replica', empty.env['SQLITE_REPLICA']!, '--to', 'x.db'],
      out: /holds nothing yet/,
    },
  ]
  for (const { name, args, err, out } of cases) {
    const ran = await restore(place, ...args)
    t.equal(ran.code, 2, name)
    t.match(err ? ran.err : ran.out, err ?? out, name)
    t.notOk(existsSync(join(place.folder, 'x.db')), name)
  }
})

void t.test(
  'the replica is only read: no directory is made for it, and a key that may only read is enough',
  async (t) => {
    const place = new CopiedDatabase()
    rmSync(place.replica, { recursive: true })
    const restored = await restore(place, '--replica', place.env['SQLITE_REPLICA']!, '--to', 'x.db')
    t.match(restored, { code: 2, out: /replica-unreachable/ })
    t.notOk(existsSync(place.replica))

    const server = new SmallS3()
    await server.start()
    t.teardown(() => server.stop())
    const env = {
      ...place.env,
      SQLITE_REPLICA: `s3://bucket/x?endpoint=${server.endpoint}`,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'a secret',
    }
    const copied = place.open({ env })
    await copied.connect()
    await write(copied, 3)
    await copied.close()
    server.fault = ({ method }, response) => {
      if (method === 'GET') return false
      refuse(response, 403, 'AccessDenied')
      return true
    }
    const { code, out } = await runCommand(['restore', '--to', 'y.db'], { cwd: place.folder, env })
    t.equal(code, 0, out)
    t.match(
      (await runCommand(['check'], { cwd: place.folder, env })).out,
      /AccessDenied/,
      'a copy needs more',
    )
  },
)

void t.test('a restore that fails leaves nothing behind', async (t) => {
  const place = original.copy()
  const [part = ''] = place.keys().filter((each) => each.includes('/base/'))
  writeFileSync(join(place.replica, part), 'other bytes')
  const { code, out } = await restore(place, '--replica', place.env['SQLITE_REPLICA']!, '--to', 'new/app.db')
  t.equal(code, 2)
  t.match(out, /replica-damaged/)
  t.strictSame(readdirSync(join(place.folder, 'new')), [])
})

const isMounter = process.getuid?.() === 0 && process.platform === 'linux'
const skip = isMounter ? false : 'mounting needs root on Linux'

void t.test('a disk too full to check what was restored is no damage', { skip }, async (t) => {
  const disk = join(original.copy().folder, 'full')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40k', 'tmpfs', disk])
  t.teardown(() => execFileSync('umount', ['-l', disk]))
  const { code, out } = await restore(original, '--replica', url, '--to', join(disk, 'app.db'))
  t.equal(code, 2)
  t.match(out, /\[sqlite-(?:full|cannot-open)\]/)
  t.notMatch(out, /malformed/)
})

void t.test('no secret in an address is shown, whatever is wrong with it', async (t) => {
  const addresses = [
    's3://AKIAX:topsecret@b/x?endpoint=https://s3.example.com&region=x',
    's3://b/x?endpoint=http://u:topsecret@h&region=x',
    's3://b/x?endpoint=https://s3.example.com&secretAccessKey=topsecret',
    'file://u:topsecret@h/x',
    'https://topsecret@h/x',
  ]
  for (const address of addresses) {
    for (const more of [[], ['--json']]) {
      const { code, out, err } = await restore(original, '--replica', address, '--to', 'x.db', ...more)
      t.equal(code, 2, address)
      t.match(out, /invalid-parameter/, address)
      t.notMatch(out + err, /topsecret/, address)
    }
  }
})

void t.test('check proves that a restore would work, and leaves a program that runs alone', async (t) => {
  const place = original.copy()
  place.wipe()
  await using running = place.open()
  await running.connect()
  await write(running, 2)
  await untilShipped(running)
  const before = readdirSync(place.local).toSorted()
  const checked = await runCommand(['check'], { env: place.env, cwd: place.folder })
  t.equal(checked.code, 0, checked.out)
  t.match(checked.out, /^State +connected, read-only$/m)
  t.match(checked.out, /^Replica +file:.* was restored in \d+ ms/m)
  t.strictSame(readdirSync(place.local).toSorted(), before)
  await write(running, 1)
  await untilShipped(running)
  t.match(running.state, { status: 'connected', readOnly: false }, 'it was not asked to hand over')
  const json = await runCommand(['check', '--json'], { env: place.env, cwd: place.folder })
  t.match(JSON.parse(json.out), {
    state: { status: 'connected' },
    health: { status: String },
    replica: { restored: true },
  })
})

void t.test('check leaves no directory of a replica behind that a start would make', async (t) => {
  const place = new CopiedDatabase()
  rmSync(place.replica, { recursive: true })
  const { out } = await runCommand(['check'], { cwd: place.folder, env: place.env })
  t.match(out, /holds nothing yet/)
  t.notOk(existsSync(place.replica))
})

void t.test('check says what a start would meet', async (t) => {
  const damaged = original.copy()
  for (const key of damaged.keys().filter((each) => each.includes('/base/')))
    rmSync(join(damaged.replica, key))
  const away = original.copy()
  rmSync(away.replica, { recursive: true })
  writeFileSync(away.replica, '')
  const lost = original.copy()
  lost.wipe()
  const standIn = original.copy()
  const cases = [
    { name: 'a damage', place: damaged, code: 2, out: /cannot be restored\nReason .*\[replica-damaged\]/ },
    { name: 'a replica that is away', place: away, code: 2, out: /\[replica-unreachable\]/ },
    { name: 'a disk that is lost', place: lost, code: 0, out: /^File +there is none yet$/m },
    {
      name: 'a file that stands in, since nothing is configured',
      place: standIn,
      env: { DATABASE_URL: undefined, SQLITE_PATH: standIn.filename, DATABASE_FALLBACK: 'always' },
      code: 1,
      out: /was restored in/,
    },
    {
      name: 'a server that is away, where a file may stand in',
      place: standIn,
      env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/app', DATABASE_FALLBACK: 'always' },
      code: 1,
      out: /connection-refused[^]*was restored in/,
    },
    {
      name: 'a server that is away, where none may',
      place: standIn,
      env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/app', DATABASE_FALLBACK: 'never' },
      code: 2,
      out: /connection-refused/,
    },
    {
      name: 'a file that cannot be copied',
      place: standIn,
      env: { DATABASE_URL: 'sqlite::memory:' },
      code: 2,
      out: /invalid-parameter/,
    },
  ]
  for (const { name, place, env, code, out } of cases) {
    const said = Object.entries({ ...place.env, ...env }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const ran = await runCommand(['check'], { env: Object.fromEntries(said), cwd: place.folder })
    t.equal(ran.code, code, `${name}: ${ran.out}`)
    t.match(ran.out, out, name)
  }
  t.notOk(existsSync(lost.filename), 'a check begins no file')
})
