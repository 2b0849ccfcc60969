import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from 'failsoft'
import { openDatabase } from 'failsoft/knex'
import { openPool } from 'failsoft/pg'
import t from 'tap'
import { startFakePostgres, statusRow } from '../servers/fake-postgres.js'
import type { FaultServer } from '../servers/fault-server.js'
import { errorResponse, welcome } from '../servers/postgres-messages.js'

// PgBouncer and its kin take the login themselves, and refuse the first statement once they cannot reach their server.
const refusals = [
  {
    name: 'the own login of the pooler fails',
    code: '08P01',
    text: 'server login has been failing, cached error: FATAL: password authentication failed for user "app" (server_login_retry)',
    want: 'auth-failed',
  },
  {
    name: 'no connection was free in time',
    code: '08P01',
    text: 'query_wait_timeout',
    want: 'too-many-connections',
  },
  {
    name: 'the server behind it is full',
    code: '53300',
    text: 'sorry, too many clients already',
    want: 'too-many-connections',
  },
  {
    name: 'a quota is used up',
    code: 'XX000',
    text: 'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
    want: 'access-denied',
  },
  { name: 'nobody knows why', code: '08P01', text: 'something else', want: 'refused' },
]

/** A pooler that takes each login, and refuses statements while `isAway`. */
class Pooler {
  isAway = true
  readonly #error: Buffer

  constructor(code: string, message: string) {
    this.#error = errorResponse({ code, message })
  }

  async start(): Promise<FaultServer> {
    return await startFakePostgres({
      login: ({ socket, onMessage }) => {
        socket.write(welcome)
        onMessage((letter) => {
          if (letter !== 'Q') return
          if (this.isAway) socket.end(this.#error)
          else socket.write(statusRow)
        })
      },
    })
  }
}

for (const { name, code, text, want } of refusals) {
  void t.test(`a pooler refuses the first statement: ${name}`, async (t) => {
    const pooler = new Pooler(code, text)
    const server = await pooler.start()
    t.teardown(server.close)
    const options = {
      url: `postgres://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=disable`,
      env: {},
      bootDeadlineMs: 1000,
      log: () => {},
    } as const
    const holds = (problem: Problem | undefined, when: string): void => {
      t.match(problem, { code: want, cause: { message: text } }, when)
      t.notMatch(problem?.hint, /in flight/, when)
    }

    const opened = {
      openDatabase: () => openDatabase({ ...options, strategy: 'never' }),
      openPool: () => openPool(options),
    }
    for (const [opener, open] of Object.entries(opened)) {
      const database = open()
      const state = await database.connect()
      holds(state.problem, `${opener} at boot`)
      await database.close({ timeoutMs: 0 })
    }

    pooler.isAway = false
    const database = opened.openDatabase()
    t.teardown(() => database.close({ timeoutMs: 0 }))
    t.match(await database.connect(), { status: 'connected' })
    pooler.isAway = true
    while (database.state.status === 'connected') {
      await database.knex.raw('select 1').catch(() => undefined)
      await sleep(20)
    }
    while (database.state.problem?.code === 'connection-lost') await sleep(20)
    holds(database.state.problem, 'while it runs')
    pooler.isAway = false
    while ((await database.connect()).status !== 'connected') await sleep(20)
  })
}
