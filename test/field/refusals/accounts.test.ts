import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, type Database } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { change, openEngine } from '../../engine/server/open-engine.js'

const postgres = await startPostgres({
  hba: [
    'local all all trust',
    'host all rejected all reject',
    'host todo all all scram-sha-256',
    'host all failsoft all scram-sha-256',
    'host closed,full all all scram-sha-256',
  ],
})
t.teardown(() => postgres.remove())
const mariadb = await startMariadb({ flags: ['--skip-name-resolve'] })
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

/** What a server is told before somebody tries to log in, how, and what becomes of it. */
interface Account {
  readonly name: string
  readonly given: readonly string[]
  readonly to: {
    readonly user?: string
    readonly password?: string
    readonly database?: string
    readonly query?: string
  }
  readonly want: { readonly code: string; readonly hint?: RegExp; readonly message?: RegExp }
  /** What the server is told then, so that the running program gets in. */
  readonly mended?: string
}

const role = (name: string, more = ''): string => `create role ${name} login password 's3cret' ${more}`

const postgresAccounts: Account[] = [
  {
    name: 'a role that may not log in',
    given: [role('sleeper'), 'alter role sleeper nologin'],
    to: { user: 'sleeper' },
    want: { code: 'access-denied', hint: /ALTER ROLE "sleeper" LOGIN/ },
    mended: 'alter role sleeper login',
  },
  {
    name: 'a database that the role may not connect to',
    given: ['create database closed', 'revoke connect on database closed from public', role('guest')],
    to: { user: 'guest', database: 'closed' },
    want: { code: 'access-denied', hint: /GRANT CONNECT ON DATABASE "closed"/ },
    mended: 'grant connect on database closed to guest',
  },
  {
    name: 'a role without connections',
    given: [role('crowd', 'connection limit 0')],
    to: { user: 'crowd' },
    want: { code: 'too-many-connections', hint: /ALTER role "crowd" CONNECTION LIMIT/ },
    mended: 'alter role crowd connection limit -1',
  },
  {
    name: 'a database without connections',
    given: ['create database "full" connection limit 0', role('visitor')],
    to: { user: 'visitor', database: 'full' },
    want: { code: 'too-many-connections', hint: /ALTER database "full" CONNECTION LIMIT/ },
  },
  {
    name: 'a database that is not there',
    given: [role('early')],
    to: { user: 'failsoft', database: 'absent' },
    want: { code: 'database-missing', hint: /CREATE DATABASE "absent"/ },
    mended: 'create database absent',
  },
  {
    name: 'a rule that rejects',
    given: [role('rejected')],
    to: { user: 'rejected' },
    want: { code: 'host-not-allowed', hint: /"reject".*127\.0\.0\.1.*rejected.*todo/ },
  },
  {
    name: 'no rule',
    given: [role('outsider')],
    to: { user: 'outsider', database: 'postgres' },
    want: { code: 'host-not-allowed', hint: /pg_hba\.conf.*127\.0\.0\.1.*outsider.*postgres/ },
  },
  {
    name: 'a password that has expired',
    given: [role('former', "valid until '2020-01-01'")],
    to: { user: 'former' },
    want: { code: 'auth-failed' },
  },
  {
    name: 'a parameter that it does not know',
    given: [role('asker')],
    to: { user: 'asker', query: 'options=-c%20nosuch%3D1' },
    want: { code: 'invalid-parameter', message: /"nosuch"/ },
  },
  {
    name: 'a value that it does not know',
    given: [role('speller')],
    to: { user: 'speller', query: 'options=-c%20DateStyle%3Dmoon' },
    want: { code: 'invalid-parameter', message: /DateStyle/ },
  },
  {
    name: 'a parameter that may not be set',
    given: [role('setter')],
    to: { user: 'setter', query: 'options=-c%20log_statement%3Dall' },
    want: { code: 'invalid-parameter', message: /log_statement/ },
  },
]

const account = (name: string, how = `identified by 's3cret'`): string => `create user ${name}@'%' ${how}`
const grant = (name: string): string => `grant all on failsoft.* to ${name}@'%'`

const mariadbAccounts: Account[] = [
  {
    name: 'a locked account',
    given: [account('locked'), grant('locked'), `alter user locked@'%' account lock`],
    to: { user: 'locked' },
    want: { code: 'access-denied', hint: /ACCOUNT UNLOCK/ },
    mended: `alter user locked@'%' account unlock`,
  },
  {
    name: 'a password that has expired',
    given: [account('expired'), grant('expired'), `alter user expired@'%' password expire`],
    to: { user: 'expired' },
    want: { code: 'access-denied', message: /expired/ },
  },
  {
    name: 'a method that mysql2 does not know',
    given: [
      `install soname 'auth_ed25519'`,
      account('modern', `identified via ed25519 using password('s3cret')`),
    ],
    to: { user: 'modern' },
    want: { code: 'auth-method', message: /client_ed25519/ },
  },
  {
    name: 'no permission for the database',
    given: [account('guest')],
    to: { user: 'guest' },
    want: { code: 'access-denied', hint: /GRANT ALL ON `failsoft`\.\* TO 'guest'@'%'/ },
    mended: grant('guest'),
  },
  {
    name: 'an hour that is used up',
    given: [account('busy', `identified by 's3cret' with max_connections_per_hour 1`), grant('busy')],
    to: { user: 'busy' },
    want: { code: 'access-denied', message: /max_connections_per_hour/ },
  },
  {
    name: 'a wrong password',
    given: [account('app'), grant('app')],
    to: { user: 'app', password: 'wrong' },
    want: { code: 'auth-failed', hint: /the user app from the host 127\.0\.0\.1/ },
  },
  {
    name: 'a database that is not there',
    given: [account('maker'), `grant all on *.* to maker@'%'`],
    to: { user: 'maker', database: 'absent' },
    want: { code: 'database-missing', hint: /CREATE DATABASE `absent`/ },
    mended: 'create database absent',
  },
]

function open(t: Test, url: string): Database {
  const database = openDatabase({ url, strategy: 'never', env: {}, bootDeadlineMs: 6000 })
  t.teardown(() => database.close())
  return database
}

async function tryAll(
  t: Test,
  adminUrl: string,
  database: string,
  accounts: readonly Account[],
): Promise<void> {
  const admin = openEngine(t, adminUrl)
  for (const { name, given, to, want, mended } of accounts) {
    await t.test(name, async (t) => {
      for (const sql of given) await admin.knex.raw(sql)
      const url = change(adminUrl, {
        password: to.user === 'failsoft' ? new URL(adminUrl).password : 's3cret',
        database,
        ...to,
      })
      if (name.includes('used up')) await open(t, url).connect()
      const app = open(t, url)
      const state = await app.connect()
      t.match(state, { status: 'unavailable', problem: { ...want, cause: { message: /./ } } })
      t.type((state as { nextAttemptAt?: unknown }).nextAttemptAt, 'number')
      if (mended === undefined) return
      await admin.knex.raw(mended)
      t.match(await app.connect(), { status: 'connected' }, 'whoever asks again gets in')
    })
  }
}

t.test('PostgreSQL', async (t) => {
  await openEngine(t, postgres.url).knex.raw('create database todo')
  await tryAll(t, postgres.url, 'todo', postgresAccounts)
})

if ('skip' in mariadb) t.comment(`MariaDB is left out: ${mariadb.skip}`)
else {
  t.test('MariaDB', async (t) => tryAll(t, mariadb.url, 'failsoft', mariadbAccounts))

  t.test('MariaDB, a connection that rested too long for the server', async (t) => {
    const admin = openEngine(t, mariadb.url)
    await admin.knex.raw('set global wait_timeout = 1')
    const app = open(t, mariadb.url)
    await app.connect()
    await app.knex.raw('select 1')
    await sleep(2500)
    await t.resolves(app.knex.raw('select 1'))
    t.match(app.state, { status: 'connected' })
    await admin.knex.raw('set global wait_timeout = 28800')
  })

  t.test('MariaDB, a server that takes no writes', async (t) => {
    const admin = openEngine(t, mariadb.url)
    for (const sql of [account('reader'), grant('reader'), 'set global read_only = 1'])
      await admin.knex.raw(sql)
    t.match(await open(t, change(mariadb.url, { user: 'reader', password: 's3cret' })).connect(), {
      status: 'connected',
      readOnly: true,
    })
    await admin.knex.raw('set global read_only = 0')
  })

  t.test('MariaDB, no account for this host at all', async (t) => {
    const root = openEngine(t, `mysql://root@localhost/failsoft?socketPath=${mariadb.socket}`)
    const sql = `select user as name, host as host from mysql.user where host <> 'localhost'`
    const [users] = (await root.knex.raw(sql)) as [{ name: string; host: string }[]]
    const elsewhere = users.filter(({ host }) => host !== '%')
    for (const { name, host } of elsewhere) await root.knex.raw(`drop user '${name}'@'${host}'`)
    for (const { name } of users.filter(({ host }) => host === '%'))
      await root.knex.raw(`rename user '${name}'@'%' to '${name}'@'10.9.9.9'`)
    // Whether any host may come is worked out anew only then.
    await root.knex.raw('flush privileges')
    const app = open(t, mariadb.url)
    t.match(await app.connect(), {
      status: 'unavailable',
      problem: { code: 'host-not-allowed', hint: /the host 127\.0\.0\.1.*CREATE USER/ },
    })
    await root.knex.raw(`rename user failsoft@'10.9.9.9' to failsoft@'%'`)
    t.match(await app.connect(), { status: 'connected' })
  })
}
