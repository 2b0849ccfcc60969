import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Knex from 'knex'
import t, { type Test } from 'tap'
import { startPgbouncer, type Pgbouncer } from '../../servers/pgbouncer.js'
import { startPostgres } from '../../servers/postgres.js'

// A pooler in transaction mode hands each transaction another connection: a lock of the session is left behind on one of them.

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const { port, user, password, database } = postgres
const pooler = await startPgbouncer({
  databases: [`${database} = host=127.0.0.1 port=${port} pool_size=8`],
  settings: ['pool_mode = transaction', 'server_idle_timeout = 600', 'min_pool_size = 4'],
  users: { [user]: password },
})
const isAbsent = 'skip' in pooler
if (!isAbsent) t.teardown(() => pooler.remove())
const pooled = `postgres://${user}:${password}@127.0.0.1:${(pooler as Pgbouncer).port}/${database}`
const direct = Knex.knex({ client: 'pg', connection: postgres.url })
t.teardown(() => direct.destroy())
const program = fileURLToPath(new URL('prepare-program.js', import.meta.url))

async function migrate(directory: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], DATABASE_URL: pooled, MIGRATIONS: directory, ...env },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void (out += String(chunk)))
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  await once(child, 'close')
  clearTimeout(timer)
  return out
}

const heldLocks = async (): Promise<number> => {
  const { rows } = await direct.raw<{ rows: [{ held: string }] }>(
    `select count(*) as held from pg_locks where locktype = 'advisory'`,
  )
  return Number(rows[0].held)
}

/** A migration that takes a while, and fails where another one has come before it. */
const folder = (t: Test): string =>
  t.testdir({
    '1-notes.cjs': `exports.up = async (knex) => {
  await knex.raw('select pg_sleep(0.2)')
  await knex.schema.createTable('notes', (table) => { table.increments() })
}
exports.down = (knex) => knex.schema.dropTable('notes')`,
  })

/** Keeps the pooler busy, so that it has no reason to give anybody the same connection twice. */
function keepBusy(): () => Promise<void> {
  const knex = Knex.knex({ client: 'pg', connection: pooled, pool: { min: 0, max: 4 } })
  const over = new AbortController()
  const work = async (): Promise<void> => {
    while (!over.signal.aborted) await knex.raw('select pg_sleep(random() / 50)').catch(() => sleep(10))
  }
  const workers = [work(), work(), work(), work()]
  return async () => {
    over.abort()
    await Promise.all(workers)
    await knex.destroy()
  }
}

t.beforeEach(async () => {
  await direct.raw('select pg_terminate_backend(pid) from pg_locks where locktype = ?', ['advisory'])
  await direct.raw('drop table if exists notes, knex_migrations, knex_migrations_lock')
})

t.test(
  'over the pooler the lock is left behind: this is what the other way is for',
  { skip: isAbsent && pooler.skip },
  async (t) => {
    const stop = keepBusy()
    let left = 0
    for (let tries = 0; tries < 10 && left === 0; tries++) {
      await migrate(folder(t), {})
      left = await heldLocks()
    }
    await stop()
    t.ok(left > 0, 'a lock of a session that nobody has any more')
  },
)

for (const name of ['DATABASE_URL_UNPOOLED', 'DIRECT_URL', 'POSTGRES_URL_NON_POOLING']) {
  t.test(
    `with ${name} four programs that start together migrate once, and leave no lock`,
    { skip: isAbsent && pooler.skip },
    async (t) => {
      const stop = keepBusy()
      const directory = folder(t)
      const env = { [name]: postgres.url }
      const outputs = await Promise.all([1, 2, 3, 4].map(() => migrate(directory, env)))
      await stop()
      for (const out of outputs) t.equal(out, 'released true\nconnected \n')
      t.equal(await heldLocks(), 0)
      t.equal((await direct('knex_migrations')).length, 1)
      t.match(await direct('knex_migrations_lock'), [{ is_locked: 0 }])
    },
  )
}
