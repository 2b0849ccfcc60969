import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { openDatabase, type ConnectionState, type Database, type OpenOptions } from 'failsoft/knex'
import t from 'tap'
import { newFolder } from '../new-folder.js'

const root = newFolder()
let folders = 0

/** A disk that can be lost, and a replica that stays. */
class Machine {
  readonly #folder = join(root, String(++folders))
  readonly #options: OpenOptions

  constructor(options: OpenOptions = {}) {
    for (const folder of [this.#folder, this.disk, join(this.#folder, 'far')]) mkdirSync(folder)
    this.#options = options
  }

  get disk(): string {
    return join(this.#folder, 'disk')
  }

  get filename(): string {
    return join(this.disk, 'app.db')
  }

  get replica(): string {
    return join(this.#folder, 'far', 'replica')
  }

  open(options: OpenOptions = {}): Database {
    const env = { DATABASE_URL: `sqlite:${this.filename}`, SQLITE_REPLICA: `file://${this.replica}` }
    return openDatabase({ env, log: () => {}, prepare, ...this.#options, ...options })
  }

  /** Opens it, lets something be done, and closes it. */
  async live(
    work: (database: Database) => Promise<unknown> = async () => undefined,
  ): Promise<ConnectionState> {
    const database = this.open()
    const state = await database.connect()
    try {
      if (state.status === 'connected' || state.status === 'fallback') await work(database)
    } finally {
      await database.close()
    }
    return state
  }

  /** Adds rows, each life one more segment. */
  async add(...titles: string[]): Promise<void> {
    await this.live((database) => database.knex('tasks').insert(titles.map((title) => ({ title }))))
  }

  async titles(): Promise<string[]> {
    let titles: string[] = []
    await this.live(async ({ knex }) => (titles = await knex('tasks').orderBy('id').pluck('title')))
    return titles
  }

  copy(): Machine {
    const other = new Machine(this.#options)
    // What is known of a file holds its time to the nanosecond.
    execFileSync('cp', ['-a', '--no-target-directory', this.#folder, other.#folder])
    return other
  }

  loseDisk(): void {
    rmSync(this.disk, { recursive: true })
    mkdirSync(this.disk)
  }

  /** The keys in the replica that look so, sorted. */
  keys(pattern: RegExp): string[] {
    return readdirSync(this.replica, { recursive: true, encoding: 'utf8' })
      .filter((key) => pattern.test(key))
      .toSorted()
  }

  path(key: string): string {
    return join(this.replica, key)
  }
}

async function prepare(knex: Database['knex']): Promise<void> {
  if (await knex.schema.hasTable('tasks')) return
  await knex.schema.createTable('tasks', (table) => {
    table.increments()
    table.text('title')
  })
}

const segments = /segments\/.*-commit$/

/** Three lives, each with a row. */
async function live(): Promise<Machine> {
  const machine = new Machine()
  await machine.add('one')
  await machine.add('two')
  await machine.add('three')
  return machine
}

let template: Promise<Machine> | undefined

/** The same, as a copy: each life costs a thread. */
async function lived(): Promise<Machine> {
  template ??= live()
  return (await template).copy()
}

/** One of which the disk is lost, and the replica as it was left. */
async function lost(): Promise<Machine> {
  const machine = await lived()
  machine.loseDisk()
  return machine
}

void t.test('an orderly end leaves nothing behind, and a lost disk is restored', async (t) => {
  const machine = await live()
  t.strictSame(readdirSync(machine.disk).toSorted(), ['app.db', 'app.db-replica'])
  machine.loseDisk()
  t.strictSame(await machine.titles(), ['one', 'two', 'three'])
  await machine.add('four')
  machine.loseDisk()
  t.strictSame(await machine.titles(), ['one', 'two', 'three', 'four'], 'what came after a restore too')
})

void t.test('a journal that another file left behind is not rolled back into the restored one', async (t) => {
  const machine = await lost()
  const script = `
    // The package is built for the oldest Node.js that is supported, which has no SQLite of its own.
    const isIn = require('node:module').isBuiltin('node:sqlite')
    const other = new (isIn ? require('node:sqlite').DatabaseSync : require('better-sqlite3'))(process.argv[1])
    other.exec('pragma cache_size = 1; create table other (n); begin')
    const fill = other.prepare('insert into other values (zeroblob(9000))')
    for (let count = 0; count < 100; count++) fill.run()
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['-e', script, machine.filename])
  rmSync(machine.filename)
  t.ok(existsSync(`${machine.filename}-journal`))
  t.strictSame(await machine.titles(), ['one', 'two', 'three'])
  t.ok(existsSync(`${machine.filename}-journal-replaced`), 'it is kept beside the file')
})

void t.test('a disk on which the file cannot even be looked at is named, and its end is seen', async (t) => {
  const machine = await lived()
  renameSync(machine.disk, `${machine.disk}-away`)
  symlinkSync(machine.disk, machine.disk)
  t.match(await machine.live(), {
    status: 'unavailable',
    problem: { code: 'sqlite-cannot-open', cause: { code: 'ELOOP' } },
  })
  rmSync(machine.disk)
  renameSync(`${machine.disk}-away`, machine.disk)
  t.strictSame(await machine.titles(), ['one', 'two', 'three'])
})

void t.test('a start that cannot note what it restored: the next one restores it', async (t) => {
  const machine = await lost()
  const inTheWay = `${machine.filename}-replica.new`
  mkdirSync(inTheWay)
  t.match(await machine.live(), { status: 'unavailable', problem: { cause: { code: 'EISDIR' } } })
  rmSync(inTheWay, { recursive: true })
  t.strictSame(await machine.titles(), ['one', 'two', 'three'])
})

void t.test('the state tells of the copy', async (t) => {
  const machine = new Machine()
  const database = machine.open()
  t.teardown(() => database.close())
  await database.connect()
  await database.knex('tasks').insert({ title: 'one' })
  const from = Date.now()
  for (;;) {
    const { state } = database
    if (state.status === 'connected' && (state.replica?.shippedAt ?? 0) > from) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  t.match(database.state, {
    status: 'connected',
    replica: { target: `file://${machine.replica}`, generation: /^\d{10}-/, behindMs: 0, intervalMs: 1000 },
  })
  t.equal(database.health().status, 'pass')
})

void t.test('a stand-in is copied and restored like a configured file', async (t) => {
  const folder = join(root, 'stand-in')
  mkdirSync(folder)
  const env = {
    DATABASE_URL: 'postgres://app@127.0.0.1:1/app',
    SQLITE_REPLICA: `file://${join(folder, 'replica')}`,
    SQLITE_PATH: join(folder, 'disk', 'stand-in.db'),
  }
  const open = (): Database => openDatabase({ env, log: () => {}, prepare, strategy: 'always' })
  const first = open()
  t.match(await first.connect(), {
    status: 'fallback',
    location: { durability: 'replicated' },
    replica: { target: env.SQLITE_REPLICA },
  })
  await first.knex('tasks').insert({ title: 'kept' })
  await first.close()
  rmSync(join(folder, 'disk'), { recursive: true })
  const second = open()
  t.teardown(() => second.close())
  t.match(await second.connect(), { status: 'fallback', standIn: { clean: false } })
  t.strictSame(await second.knex('tasks').pluck('title'), ['kept'])
})

interface Damage {
  readonly name: string
  do(machine: Machine): void
  /** The code of the problem, or the titles that are there. */
  readonly want: string | readonly string[]
  /** What a warning says. */
  readonly warns?: RegExp
}

const damages: readonly Damage[] = [
  {
    name: 'the last segment is torn',
    do: (machine) => truncateSync(machine.path(machine.keys(segments).at(-1)!), 100),
    want: ['one', 'two'],
    warns: /cut short: 100 of \d+ bytes/,
  },
  {
    name: 'the last segment is empty',
    do: (machine) => truncateSync(machine.path(machine.keys(segments).at(-1)!)),
    want: ['one', 'two'],
    warns: /cut short: 0 of \d+ bytes/,
  },
  {
    // Nothing tells that it was there.
    name: 'the last segment is missing',
    do: (machine) => rmSync(machine.path(machine.keys(segments).at(-1)!)),
    want: ['one', 'two'],
  },
  {
    name: 'a segment is missing, and there are later ones',
    do: (machine) => rmSync(machine.path(machine.keys(segments).at(-2)!)),
    want: 'replica-damaged',
  },
  {
    name: 'a segment before the last is torn',
    do: (machine) => truncateSync(machine.path(machine.keys(segments).at(-2)!), 100),
    want: 'replica-damaged',
  },
  {
    name: 'a segment is changed',
    do: (machine) => flip(machine.path(machine.keys(segments)[0]!)),
    want: 'replica-damaged',
  },
  {
    name: 'the last segment is changed and not shorter',
    do: (machine) => flip(machine.path(machine.keys(segments).at(-1)!)),
    want: 'replica-damaged',
  },
  {
    name: 'a segment is there twice, at another position',
    do(machine) {
      const last = machine.keys(segments).at(-1)!
      const next = last.replace(/(\d{12})-(\d+)-/, (_, position: string, frames: string) => {
        return `${String(Number(position) + Number(frames)).padStart(12, '0')}-${frames}-`
      })
      copyFileSync(machine.path(last), machine.path(next))
    },
    want: 'replica-damaged',
  },
  {
    name: 'the base is cut short',
    do: (machine) => truncateSync(machine.path(machine.keys(/base\/000000/)[0]!), 2000),
    want: 'replica-damaged',
  },
  {
    name: 'the base is gone',
    do: (machine) => rmSync(machine.path(machine.keys(/base\/000000/)[0]!)),
    want: 'replica-damaged',
  },
  {
    name: 'the beginning of the last generation is gone',
    do: (machine) => rmSync(machine.path(machine.keys(/start-/).at(-1)!)),
    want: 'replica-damaged',
  },
  {
    name: 'something else lies there',
    do(machine) {
      writeFileSync(machine.path('notes.txt'), 'mine')
      appendFileSync(machine.path(`${machine.keys(segments)[0]!.replace(/[^/]+$/, '')}copy.tmp`), 'x')
    },
    want: ['one', 'two', 'three'],
  },
]

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(path, bytes)
}

for (const { name, do: damage, want, warns } of damages) {
  void t.test(`the disk is lost, and ${name}`, async (t) => {
    const machine = await lost()
    damage(machine)
    const database = machine.open()
    t.teardown(() => database.close())
    const state = await database.connect()
    if (typeof want === 'string') {
      t.match(state, { status: 'unavailable', problem: { code: want } })
      t.notOk(existsSync(machine.filename), 'no file was put in its place')
      return
    }
    t.match(state, { status: 'connected' })
    t.strictSame(await database.knex('tasks').orderBy('id').pluck('title'), want)
    const warnings = database.config.warnings.filter(({ code }) => code === 'replica-damaged')
    t.match(warnings.map(({ message }) => message).join(), warns ?? /^$/)
  })
}

void t.test('all but the last segments is gone, as a rule of a bucket expires it', async (t) => {
  const machine = new Machine({ sqlite: { replicaIntervalMs: 50 } })
  await machine.live(async ({ knex }) => {
    while (machine.keys(segments).length < 2) {
      await knex('tasks').insert({ title: 'one' })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
  machine.loseDisk()
  for (const key of machine.keys(/start-|base\/0|proved|segments\/0+-/)) rmSync(machine.path(key))
  const rest = machine.keys(segments)
  t.ok(rest.length > 0, 'later parts are left')
  t.match(await machine.live(), { status: 'unavailable', problem: { code: 'replica-damaged' } })
  t.strictSame(machine.keys(segments), rest, 'nothing is begun in its place')
})

void t.test('what was copied is removed while the program runs: all is copied anew', async (t) => {
  const machine = new Machine({ sqlite: { replicaIntervalMs: 50 } })
  const database = machine.open()
  t.teardown(() => database.close())
  await database.connect()
  await database.knex('tasks').insert({ title: 'one' })
  const generation = (): string =>
    (database.state.status === 'connected' && database.state.replica?.generation) || ''
  while (!generation()) await new Promise((resolve) => setTimeout(resolve, 20))
  const before = generation()
  for (const key of machine.keys(/generations\/.+\/.+|proved/))
    rmSync(machine.path(key), { recursive: true, force: true })
  await database.knex('tasks').insert({ title: 'two' })
  while (generation() === before) await new Promise((resolve) => setTimeout(resolve, 20))
  await database.close()
  machine.loseDisk()
  t.strictSame(await machine.titles(), ['one', 'two'])
})

void t.test('a segment of another database fits nowhere', async (t) => {
  const [machine, other] = [await lost(), await live()]
  const [mine] = machine.keys(segments)
  copyFileSync(other.path(other.keys(segments)[0]!), machine.path(mine!))
  t.match(await machine.live(), { status: 'unavailable', problem: { code: 'replica-damaged' } })
  const stray = await lost()
  const [name] = other
    .keys(segments)
    .at(-1)!
    .match(/[^/]+$/)!
  const last = stray.keys(segments).at(-1)!
  copyFileSync(other.path(other.keys(segments).at(-1)!), stray.path(last.replace(/[^/]+$/, name)))
  t.match(await stray.live(), { status: 'unavailable', problem: { code: 'replica-damaged' } })
})

void t.test('a file that is here and its replica', async (t) => {
  await t.test('an older file came back: diverged, and nothing is overwritten', async (t) => {
    const machine = await lived()
    copyFileSync(machine.filename, `${machine.filename}.old`)
    await machine.add('four')
    copyFileSync(`${machine.filename}.old`, machine.filename)
    const before = machine.keys(/generations/)
    t.match(await machine.live(), { status: 'unavailable', problem: { code: 'replica-diverged' } })
    t.strictSame(machine.keys(/generations/), before)
    t.strictSame(readFileSync(machine.filename), readFileSync(`${machine.filename}.old`))
  })

  await t.test('all of an older disk came back: diverged', async (t) => {
    const machine = await lived()
    const copy = `${machine.disk}-copy`
    renameSync(machine.disk, copy)
    mkdirSync(machine.disk)
    await machine.add('four')
    rmSync(machine.disk, { recursive: true })
    renameSync(copy, machine.disk)
    t.match(await machine.live(), { status: 'unavailable', problem: { code: 'replica-diverged' } })
  })

  await t.test('another database is at its place: diverged', async (t) => {
    const [machine, other] = [await lived(), await live()]
    for (const suffix of ['', '-replica']) {
      copyFileSync(`${other.filename}${suffix}`, `${machine.filename}${suffix}`)
    }
    t.match(await machine.live(), { status: 'unavailable', problem: { code: 'replica-diverged' } })
  })

  await t.test('the replica was emptied: the file is used, and copied once a person says so', async (t) => {
    // What is known of a copy names another replica.
    const machine = await live()
    rmSync(machine.replica, { recursive: true })
    const database = machine.open()
    t.match(await database.connect(), {
      status: 'connected',
      replica: { problem: { code: 'replica-unreachable', message: /it is empty, although it held a copy/ } },
    })
    await database.close()
    rmSync(`${machine.filename}-replica`)
    t.strictSame(await machine.titles(), ['one', 'two', 'three'])
    machine.loseDisk()
    t.strictSame(await machine.titles(), ['one', 'two', 'three'])
  })

  await t.test('the replica has a hole, and the file is whole: it is used, and copied anew', async (t) => {
    const machine = await lived()
    rmSync(machine.path(machine.keys(segments).at(-2)!))
    t.strictSame(await machine.titles(), ['one', 'two', 'three'])
    machine.loseDisk()
    t.strictSame(await machine.titles(), ['one', 'two', 'three'])
  })
})

void t.test('a replica that is out of reach', async (t) => {
  await t.test('without a file here there is no database, and no other in its place', async (t) => {
    const machine = await lost()
    renameSync(join(machine.replica, '..'), `${machine.disk}-far`)
    const database = machine.open({ strategy: 'always' })
    t.teardown(() => database.close())
    t.match(await database.connect(), { status: 'unavailable', problem: { code: 'replica-unreachable' } })
    t.notOk(existsSync(machine.filename))
    renameSync(`${machine.disk}-far`, join(machine.replica, '..'))
    t.match(await database.connect(), { status: 'connected' }, 'it is tried again')
    t.strictSame(await database.knex('tasks').orderBy('id').pluck('title'), ['one', 'two', 'three'])
  })

  await t.test('a file that is here is used, and copied once the replica is back', async (t) => {
    const machine = await lived()
    renameSync(join(machine.replica, '..'), `${machine.disk}-far`)
    const database = machine.open()
    t.match(await database.connect(), { status: 'connected', readOnly: false })
    await database.knex('tasks').insert({ title: 'four' })
    renameSync(`${machine.disk}-far`, join(machine.replica, '..'))
    for (;;) {
      const { state } = database
      if (state.status === 'connected' && state.replica?.generation && !state.replica.problem) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await database.close()
    machine.loseDisk()
    t.strictSame(await machine.titles(), ['one', 'two', 'three', 'four'])
  })

  await t.test('it went on alone and ended: the next life knows the file again', async (t) => {
    const machine = await lived()
    renameSync(join(machine.replica, '..'), `${machine.disk}-far`)
    await machine.add('four')
    renameSync(`${machine.disk}-far`, join(machine.replica, '..'))
    t.strictSame(await machine.titles(), ['one', 'two', 'three', 'four'])
    machine.loseDisk()
    t.strictSame(await machine.titles(), ['one', 'two', 'three', 'four'])
  })
})
