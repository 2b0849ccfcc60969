import t from 'tap'
import type { StateChange } from 'failsoft/knex'
import { startPostgres } from '../../servers/postgres.js'
import { postgresScenarios } from './postgres-scenarios.js'
import { expectSafe } from './expect-safe.js'
import { connect, until } from './scenario.js'

void t.test('the host in use turns read-only while another one takes writes', async (t) => {
  const [one, two] = await Promise.all([startPostgres(), startPostgres()])
  t.teardown(async () => Promise.all([one.remove(), two.remove()]))
  const { user, password } = one
  const list = `postgres://${user}:${password}@127.0.0.1:${one.port},127.0.0.1:${two.port}/postgres`
  const database = await connect(`${list}?target_session_attrs=read-write`)
  const admin = await connect(one.url)
  t.teardown(async () => Promise.all([database.close(), admin.close()]))
  const portOf = async (): Promise<unknown> =>
    (await database.knex.raw<{ rows: [{ port: unknown }] }>('select inet_server_port() as port')).rows[0].port
  const isDemoted = async (): Promise<boolean> => {
    const sql = "select current_setting('default_transaction_read_only')::boolean as demoted"
    return (await admin.knex.raw<{ rows: [{ demoted: boolean }] }>(sql)).rows[0].demoted
  }
  t.match(database.state, { generation: 1, engine: { host: '127.0.0.1', hostNumber: 1 } })
  t.match(database.health().checks, { 'database:host': [{ observedValue: 1, status: 'pass' }] })
  t.equal(admin.health().checks['database:host'], undefined, 'one host needs no number')
  await database.knex.raw('create table kept (n integer)')

  const changes: StateChange[] = []
  database.onStateChange((change) => changes.push(change))
  const [open, rests] = await Promise.all([database.knex.transaction(), database.knex.transaction()])
  await open('kept').insert({ n: 1 })
  await rests.rollback()
  await admin.knex.raw('alter system set default_transaction_read_only = on')
  await admin.knex.raw('select pg_reload_conf()')
  await until(isDemoted)
  // Each connection of the server reads its configuration in its own time.
  await until(async () => {
    await database.check()
    return changes.length > 0
  })
  t.match(changes, [
    { from: 'connected', to: 'reconnecting', reason: 'no-suitable-host' },
    { from: 'reconnecting', to: 'connected' },
  ])
  t.equal(changes.length, 2, 'once')
  t.match(database.state, { status: 'connected', readOnly: false, generation: 2, engine: { hostNumber: 2 } })
  t.match(database.health().checks, { 'database:host': [{ observedValue: 2 }] })
  t.equal(await portOf(), two.port, 'nobody gets a connection to the host before')
  await open.commit()
  t.equal((await admin.knex('kept')).length, 1, 'a transaction that was open ended where it began')

  await admin.knex.raw('alter system reset default_transaction_read_only')
  await admin.knex.raw('select pg_reload_conf()')
  await two.stop()
  await until(() => database.state.generation === 3)
  t.match(database.state, { status: 'connected', engine: { hostNumber: 1 } }, 'a host that dies is left too')
  t.equal(await portOf(), one.port)
})

void t.test('a primary and two standbys under load', async (t) => {
  for await (const figures of postgresScenarios()) expectSafe(t, figures)
})
