import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type OpenOptions } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { startMariadb } from '../servers/mariadb.ts'
import { startPostgres } from '../servers/postgres.ts'
import { contract } from './contract.ts'
import { migratesWell } from './migrates-well.ts'
import { serve } from './serve.ts'

let reference: readonly string[] | undefined

async function keepsContract(t: Test, open: OpenOptions): Promise<void> {
  const served = await serve(open)
  t.teardown(served.close)
  t.equal(served.database.state.status, 'connected', JSON.stringify(served.database.state))
  const answers = await contract(t, served.url)
  reference ??= answers
  t.strictSame(answers, reference, 'each answer is the same as on the first database')
}

for (const sqliteDriver of ['sqlite3', 'better-sqlite3', 'node:sqlite'] as const) {
  const opened = createEngine({ dialect: 'sqlite', filename: ':memory:', params: {} }, { sqliteDriver })
  if (opened.ok) await opened.engine.close()
  void t.test(`SQLite, ${sqliteDriver}`, { skip: !opened.ok && opened.problem.message }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'failsoft-contract-'))
    await keepsContract(t, { url: `sqlite:${join(folder, 'tasks.db')}`, sqliteDriver })
  })
}

void t.test('PostgreSQL', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  await keepsContract(t, { url: server.url })
  await migratesWell(t, server.url)
})

void t.test('MariaDB', async (t) => {
  const server = await startMariadb()
  if ('skip' in server) {
    t.plan(0, server.skip)
    return
  }
  t.teardown(server.remove)
  await keepsContract(t, { url: server.url })
  await migratesWell(t, server.url)
})
