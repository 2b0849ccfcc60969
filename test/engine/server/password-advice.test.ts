import { openDatabase, type OpenOptions } from 'failsoft/knex'
import { resolveDatabaseConfig } from 'failsoft'
import { problem } from '#lib/problem/problem.js'
import t from 'tap'
import { refuse as refuseMysql, startFakeMysql } from '../../servers/fake-mysql.js'
import { refuse as refusePostgres, startFakePostgres } from '../../servers/fake-postgres.js'
import { startPostgres } from '../../servers/postgres.js'

async function hintOf(options: OpenOptions): Promise<string | undefined> {
  await using database = openDatabase({ strategy: 'never', env: {}, bootDeadlineMs: 30_000, ...options })
  const { problem } = await database.connect()
  t.equal(problem?.code, 'auth-failed')
  return `${problem?.message} ${problem?.hint}`
}

const servers = {
  postgres: () =>
    startFakePostgres({
      login: refusePostgres({ code: '28P01', message: 'password authentication failed for user "app"' }),
    }),
  mysql: () =>
    startFakeMysql({
      login: refuseMysql({
        errno: 1045,
        sqlState: '28000',
        message: `Access denied for user 'app'@'h' (using password: NO)`,
      }),
    }),
}

for (const [scheme, start] of Object.entries(servers)) {
  t.test(`${scheme}: a login that fails for want of a password says so`, async (t) => {
    const server = await start()
    t.teardown(() => server.close())
    const url = (login: string): string => `${scheme}://${login}@127.0.0.1:${server.port}/todo`
    t.match(await hintOf({ url: url('app') }), /There is no password in the URL/)
    t.notMatch(await hintOf({ url: url('app:s3cret') }), /There is no password in the URL/)
  })
}

t.test('a real server that wants a password, and a URL without one', async (t) => {
  const server = await startPostgres()
  t.teardown(() => server.remove())
  t.match(await hintOf({ url: server.url.replace(`:${server.password}`, '') }), /no password/i)
})

t.test('a password that something was taken off says so when the login fails', async (t) => {
  const server = await servers.postgres()
  t.teardown(() => server.close())
  const config = resolveDatabaseConfig({
    url: `postgres://app:s3cret@127.0.0.1:${server.port}/todo`,
    env: {},
    strategy: 'never',
  })
  const warning = problem('wrapped-in-quotes', { subject: 'PGPASSWORD', quote: '"' })
  const hint = await hintOf({ config: { ...config, warnings: [warning] } })
  t.match(hint, /PGPASSWORD is wrapped in quotes.*percent-encoded/)
})
