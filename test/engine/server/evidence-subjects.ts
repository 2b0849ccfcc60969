import t, { type Test } from 'tap'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy, type Proxy } from '../../servers/proxy.js'
import { change } from './open-engine.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

/** A server to put to the test, and its words. */
interface Subject {
  readonly name: string
  readonly url: string
  readonly sleep: (seconds: number) => string
  /** Makes a user of this name and password, which may have so many connections. */
  readonly limitedUser: (name: string, limit: number) => readonly string[]
}

/** A PostgreSQL, and a MariaDB where it is installed. */
export const subjects: Subject[] = [
  {
    name: 'PostgreSQL',
    url: postgres.url,
    sleep: (seconds) => `select pg_sleep(${seconds})`,
    limitedUser: (name, limit) => [`create role ${name} login password '${name}' connection limit ${limit}`],
  },
]
if ('url' in mariadb)
  subjects.push({
    name: 'MariaDB',
    url: mariadb.url,
    sleep: (seconds) => `select sleep(${seconds})`,
    limitedUser: (name, limit) => [
      `create user ${name} identified by '${name}' with max_user_connections ${limit}`,
      `grant all on *.* to ${name}`,
    ],
  })

/** The same server behind a proxy that can be made to fail. */
export async function behindProxy(t: Test, url: string): Promise<{ proxy: Proxy; url: string }> {
  const proxy = await startProxy(Number(new URL(url).port))
  t.teardown(() => proxy.close())
  return { proxy, url: change(url, { host: '127.0.0.1', port: proxy.port }) }
}

/** What became of a statement: it was served, or the code of its error. */
export const outcome = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => 'served',
    (error: unknown) => (error as { code?: unknown }).code,
  )
