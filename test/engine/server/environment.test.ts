import { execFile } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { startPostgres } from '../../servers/postgres.js'
import { openEngine } from './open-engine.js'
import { plainNode } from '../../plain-node.ts'

const osUser = userInfo().username
const server = await startPostgres({
  hba: ['local all all trust', `host all open,"${osUser}" all trust`, 'host all all all scram-sha-256'],
})
t.teardown(() => server.remove())
const admin = openEngine(t, server.url)
await admin.knex.raw("create role closed login password 'right'")
for (const role of ['open', osUser]) {
  await admin.knex.raw('create role ?? login', [role])
  await admin.knex.raw('create database ??', [role])
}

const { port } = server
const home = t.testdir({ '.pgpass': `*:*:*:*:right\n` })
chmodSync(join(home, '.pgpass'), 0o600)

/** What would change a connection, if anything of it leaked in. */
const hostile = {
  HOME: home,
  PGPASSFILE: join(home, '.pgpass'),
  PGHOST: '127.0.0.1',
  PGPORT: String(port),
  PGUSER: 'closed',
  PGPASSWORD: 'right',
  PGDATABASE: 'template1',
  PGOPTIONS: '-c geqo=off',
  PGAPPNAME: 'intruder',
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGCLIENTENCODING: 'LATIN1',
  PGCLIENT_ENCODING: 'LATIN1',
  PGREPLICATION: 'true',
  PGCONNECT_TIMEOUT: '1',
  PGBINARY: 'true',
  PGTZ: 'Asia/Tokyo',
  MYSQL_PWD: 'right',
}

const code = `
  import { validateUrl } from 'failsoft'
  import { createEngine } from 'failsoft/knex'
  const { engine } = createEngine(validateUrl(process.argv[1]).target)
  try {
    const { rows } = await engine.knex.raw(\`select current_user as user, current_database() as database,
      current_setting('application_name') as application, current_setting('geqo') as geqo,
      current_setting('client_encoding') as encoding, inet_server_port() as port\`)
    console.log(JSON.stringify(rows[0]))
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, cause: error.cause }))
  }
  await engine.close()`

async function ask(url: string, env: Record<string, string> = hostile): Promise<unknown> {
  const child = promisify(execFile)(...plainNode('--input-type=module', '-e', code, url), {
    env: { PATH: process.env['PATH'], ...env },
  })
  return JSON.parse((await child).stdout) as unknown
}

const usual = { application: 'failsoft', geqo: 'on', encoding: 'UTF8', port }
const cases = [
  {
    name: 'every part',
    url: `postgres://closed:right@127.0.0.1:${port}/postgres`,
    want: { user: 'closed', database: 'postgres', ...usual },
  },
  {
    name: 'no password where none is needed',
    url: `postgres://open@127.0.0.1:${port}/open?sslmode=disable`,
    want: { user: 'open', database: 'open', ...usual },
  },
  {
    name: 'no password where one is needed',
    url: `postgres://closed@127.0.0.1:${port}/postgres`,
    want: { code: 'auth-failed' },
  },
  {
    name: 'an empty password',
    url: `postgres://closed:@127.0.0.1:${port}/postgres`,
    want: { code: 'auth-failed' },
  },
  {
    name: 'no database: the name of the user',
    url: `postgres://open@127.0.0.1:${port}`,
    want: { user: 'open', database: 'open', ...usual },
  },
  {
    name: 'no user: that of the operating system',
    url: `postgres://127.0.0.1:${port}/postgres`,
    want: { user: osUser, database: 'postgres', ...usual },
  },
  {
    name: 'no port: 5432',
    url: 'postgres://open@127.0.0.9/open',
    want: { code: 'connection-refused', cause: { message: /127\.0\.0\.9:5432/ } },
  },
  {
    name: 'no host: localhost',
    url: 'postgres://open@/open?port=1',
    want: { code: 'connection-refused', cause: { message: /:1$/ } },
  },
  {
    name: 'empty parameters',
    url: `postgres://open@127.0.0.1:${port}/open?application_name=&options=&client_encoding=`,
    want: { user: 'open', ...usual },
  },
]

void t.test('nothing leaks in from the environment or from files of other programs', async (t) => {
  await Promise.all(cases.map(async ({ name, url, want }) => t.match(await ask(url), want, name)))
})

void t.test('the values that would leak in are such that would show', async (t) => {
  const { rows } = await admin.knex.raw<{ rows: { geqo: string }[] }>(
    "select current_setting('geqo') as geqo",
  )
  t.same(rows, [{ geqo: 'on' }])
  t.match(
    await ask(`postgres://closed:right@127.0.0.1:${port}/postgres`),
    { user: 'closed' },
    'the password is right',
  )
})
