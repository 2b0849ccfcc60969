import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type Status } from 'failsoft/knex'
import { refusedPort } from '../servers/refused-port.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

async function reach(database: Database, status: Status): Promise<void> {
  while (database.state.status !== status) await sleep(10)
}

/** A user whose password is in a file, as the secrets of containers are. */
function secret(
  t: Test,
  url: string,
): { file: string; write(password: string): void; env: Record<string, string> } {
  const file = join(t.testdir(), 'database_url')
  const write = (password: string): void =>
    writeFileSync(file, url.replace(/\/\/[^@]*@/, `//rotating:${password}@`))
  return { file, write, env: { DATABASE_URL_FILE: file } }
}

for (const { name, server, createUser, change } of [
  {
    name: 'PostgreSQL',
    server: postgres,
    createUser: (user: string, password: string) => `create role ${user} login password '${password}'`,
    change: (user: string, password: string) => [
      `alter role ${user} password '${password}'`,
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`,
    ],
  },
  {
    name: 'MariaDB',
    server: mariadb,
    createUser: (user: string, password: string) => `create user ${user} identified by '${password}'`,
    change: (user: string, password: string) => [
      `alter user ${user} identified by '${password}'`,
      `kill user ${user}`,
    ],
  },
]) {
  if ('skip' in server) {
    t.test(name, { skip: server.skip }, () => {})
    continue
  }

  t.test(`${name}: where two users take turns, the other one is read too`, async (t) => {
    const admin = openDatabase({ env: { DATABASE_URL: server.url }, log: () => {} })
    t.teardown(() => admin.close())
    const adminKnex = await admin.ready()
    const file = join(t.testdir(), 'database_url')
    const write = (user: string): void =>
      writeFileSync(file, server.url.replace(/\/\/[^@]*@/, `//${user}:of-${user}@`))
    for (const user of ['turn_a', 'turn_b']) {
      await adminKnex.raw(createUser(user, `of-${user}`))
      if (name === 'MariaDB') await adminKnex.raw(`grant all on *.* to ${user}`)
    }
    write('turn_a')
    const database = openDatabase({ env: { DATABASE_URL_FILE: file }, strategy: 'never', log: () => {} })
    t.teardown(() => database.close())
    t.match(await database.connect(), { status: 'connected' })
    for (const statement of change('turn_a', 'another')) await adminKnex.raw(statement)
    await database.check()
    t.match(database.state, { status: 'reconnecting', problem: { code: 'auth-failed' } })
    write('turn_b')
    await reach(database, 'connected')
    t.match(database.state, { engine: { target: /turn_b/ } })
    await database.knex.raw('select 1')
  })

  t.test(`${name}: a password that is rotated while the program runs is read again`, async (t) => {
    const admin = openDatabase({ env: { DATABASE_URL: server.url }, log: () => {} })
    t.teardown(() => admin.close())
    const adminKnex = await admin.ready()
    await adminKnex.raw(createUser('rotating', 'first'))
    if (name === 'MariaDB') await adminKnex.raw('grant all on *.* to rotating')
    const { write, env } = secret(t, server.url)
    write('first')
    const database = openDatabase({ env, strategy: 'always', log: () => {} })
    t.teardown(() => database.close())
    t.match(await database.connect(), { status: 'connected' })
    for (const statement of change('rotating', 'second')) await adminKnex.raw(statement)
    await database.check()
    t.match(database.state, { status: 'reconnecting', problem: { code: 'auth-failed' } })
    write('second')
    await reach(database, 'connected')
    await database.knex.raw('select 1')

    await t.test('and also while the fallback is in use', async (t) => {
      write('wrong')
      const late = openDatabase({ env, strategy: 'always', cwd: t.testdir(), log: () => {} })
      t.teardown(() => late.close())
      t.match(await late.connect(), { status: 'fallback', reason: 'auth' })
      write('second')
      await reach(late, 'connected')
    })

    await t.test('and where there is no fallback', async (t) => {
      write('wrong')
      const late = openDatabase({ env, strategy: 'never', log: () => {} })
      t.teardown(() => late.close())
      t.match(await late.connect(), {
        status: 'unavailable',
        problem: { code: 'auth-failed' },
        nextAttemptAt: Number,
      })
      write('second')
      await reach(late, 'connected')
    })

    await t.test('and where another host of a list is away', async (t) => {
      const list = secret(t, server.url.replace('@', `@127.0.0.1:${refusedPort},`))
      list.write('wrong')
      const late = openDatabase({ env: list.env, strategy: 'never', log: () => {} })
      t.teardown(() => late.close())
      t.match(await late.connect(), { status: 'unavailable', problem: { code: 'no-suitable-host' } })
      list.write('second')
      await reach(late, 'connected')
      for (const statement of change('rotating', 'third')) await adminKnex.raw(statement)
      await late.check()
      t.match(late.state, { status: 'reconnecting', problem: { code: 'no-suitable-host' } })
      list.write('third')
      await reach(late, 'connected')
    })
  })
}
